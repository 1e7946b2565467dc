import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toTrustMaterial, type TrustMaterial } from "@sigstore/verify";
import { textOf } from "../../../mirror/textOf";
import { reasonText } from "../../refusal";
import type { Problem } from "../kind";
import type { LogSettings } from "../logSettings";
import { trustedRootsOf, type TrustedRootDocument } from "../trustedRoot";
import { once } from "../../once";
import { rememberDer } from "./rememberDer";

/** What an authority cannot do without. */
export type Need = "authorities" | "logs" | "timestamps";

/** Loads one checked root, once for each document: it takes milliseconds, and every judgement asks. Throws when a key or a certificate in it cannot be read. */
export const loadTrust = once((document: TrustedRootDocument) => {
  const trust: TrustMaterial = toTrustMaterial(
    TrustedRoot.fromJSON(document),
    () => {
      throw new Error("no key is chosen by its hint"); // T40
    },
  );
  const { certificateAuthorities, timestampAuthorities } = trust;
  for (const { certChain } of [
    ...certificateAuthorities,
    ...timestampAuthorities,
  ]) {
    certChain.forEach(rememberDer);
  }
  return trust;
}, 32);

/** What is wrong with the roots of a policy: keys that cannot be read, or nothing in it that could prove what is needed (T40). */
export function examineRoots(
  { trustedRoots }: Pick<LogSettings, "trustedRoots">,
  needs: readonly Need[],
): readonly Problem[] {
  return trustedRootsOf(trustedRoots).flatMap((document, i) => {
    const reason = problemOf(document, needs);
    return reason ? [{ path: ["trustedRoots", i], reason }] : [];
  });
}

function problemOf(
  document: TrustedRootDocument,
  needs: readonly Need[],
): string | undefined {
  const lacks: Readonly<Record<Need, string | false>> = {
    authorities:
      document.certificateAuthorities.length === 0 &&
      "has no certificate authority, so no identity can be proven with it",
    logs:
      document.tlogs.length === 0 &&
      'has no transparency log: give one that has, or set tlog: "not-required"',
    timestamps:
      document.timestampAuthorities.length === 0 &&
      'has no timestamp authority, which tlog: "not-required" needs',
  };
  const lacking = needs.map((need) => lacks[need]).find(Boolean);
  if (lacking) return lacking;
  try {
    loadTrust(document);
    return undefined;
  } catch (error) {
    return `holds a key or a certificate that cannot be read: ${reasonText(textOf(error))}`;
  }
}
