import type { Values } from "../../../../../mirror/lifecycle";
import type { Given, Mapping } from "../../reading/given";
import { LeftOut } from "../../reading/log";
import { searchedPattern } from "../../dialects/patterns";
import { durationOf } from "../../dialects/ranges";

/** `verify`: a policy of keyless signers, any of which may have signed; and how old the signature must be. */
export function verificationOf(
  entry: Mapping,
): { readonly policy: Values; readonly minAge?: Values } | undefined {
  const verify = entry.get("verify")?.mapping();
  if (verify === undefined) return undefined;
  const provider = verify.get("provider")?.text();
  if (provider !== "cosign")
    throw new LeftOut(
      `it verifies by ${provider ?? "nothing"}, which is not known here`,
    );
  const signers = verify.get("matchOIDCIdentity")?.items().map(signerOf) ?? [];
  if (signers.length === 0) throw new LeftOut("its verify names no identity");
  const minAge = ageOf(verify.get("minAge"));
  verify.finish("flux-mirror");
  return { policy: { signedBy: signers }, ...(minAge && { minAge }) };
}

function signerOf(given: Given): Values {
  const identity = given.mapping();
  const issuer = identity?.get("issuer")?.text();
  const subject = identity?.get("subject");
  const pattern = subject?.text();
  if (!issuer || !pattern)
    throw new LeftOut("its verify has an identity without issuer or subject");
  identity?.finish("flux-mirror");
  const identityPattern = searchedPattern(pattern);
  if (identityPattern !== pattern.slice(1, -1))
    subject?.leave(
      `was carried over as ${identityPattern}, since flux-mirror finds it anywhere in an identity: others may own identities that hold it, so say the whole one`,
    );
  return { keyless: { issuer, identityPattern } };
}

function ageOf(given: Given | undefined): Values | undefined {
  const text = given?.text();
  if (text === undefined) return undefined;
  const duration = durationOf(text);
  if (duration === undefined) {
    if (/^0(h|m|s)?$/.test(text)) return undefined;
    throw new LeftOut(`its minAge ${text} is no duration`);
  }
  return { duration, by: "signature" };
}
