import type { Discovered } from "./discover";
import type { Looked, Policy, Signer, Verdict } from "./ports";
import { printable } from "./printable";

const maxLines = 20;
const maxWords = 500;
const maxName = 300;

/** The words of a no: which requirement, what was looked at and why each was refused, and what to do. */
export function refusal(
  judged: { readonly discovered: Discovered; readonly policy: Policy },
  verdicts: readonly Verdict[],
): { what: string; why: string; remedy: string } {
  const failed = verdicts.filter(
    ({ blocks, outcome }) => blocks && outcome !== "passed",
  );
  const { requirements } = judged.policy;
  const lines = failed.flatMap((verdict) => [
    `  ${verdict.requirement}: ${printable(verdict.reason, maxWords)} (${verdict.code})`,
    ...wanted(requirements, verdict),
    ...looked(verdict),
  ]);
  const set = judged.discovered.ignored.map(
    ({ digest, code, reason }) =>
      `  set aside: ${digest}: ${printable(reason, maxWords)} (${code})`,
  );
  return {
    what: "refused by policy",
    why: [headline(failed), ...lines, ...capped(set)].join("\n"),
    remedy: remedies(failed),
  };
}

function headline(failed: readonly Verdict[]): string {
  if (failed.length === 0) return "no requirement was judged";
  return failed
    .map(({ requirement, code }) => `${requirement} ${code}`)
    .join(", ");
}

function wanted(
  requirements: Policy["requirements"],
  { requirement }: Verdict,
): string[] {
  const asked = requirements.filter(({ name }) => name === requirement);
  return capped(
    asked.flatMap(({ authorities }) =>
      authorities.map(
        ({ name, wants }) =>
          `    wanted: ${name}: ${printable(wants, maxName)}`,
      ),
    ),
  );
}

function looked(verdict: Verdict): string[] {
  return capped(verdict.looked.map((one) => `    - ${describe(one)}`));
}

function describe(one: Looked): string {
  const seen = one.seen ? `, signed by ${signerText(one.seen)}` : "";
  return `${printable(one.format, maxName)} ${one.evidence}${seen}: ${one.authority}: ${printable(one.reason, maxWords)} (${one.code})`;
}

/** `identity (issuer)` or `key sha256:…`; unproven unless it comes from `Authenticated`. */
export function signerText(signer: Signer): string {
  const { identity, issuer = "issuer unknown", keyId } = signer;
  const keyless =
    identity &&
    `${printable(identity, maxName)} (${printable(issuer, maxName)})`;
  return keyless ?? (keyId ? `key ${keyId}` : "nobody known");
}

function capped(lines: readonly string[]): string[] {
  const more = lines.length - maxLines;
  return more > 0
    ? [...lines.slice(0, maxLines), `    … and ${more} more`]
    : [...lines];
}

function remedies(failed: readonly Verdict[]): string {
  const codes = new Set(failed.map(({ code }) => code));
  if (codes.has("NO_EVIDENCE")) {
    return 'ask the publisher to sign this digest, point `evidence.repositories` at where the signatures are, or write `policy: { unverified: "why" }`';
  }
  if (codes.has("IDENTITY_MISMATCH")) {
    return "if the identity seen above is the right one, put it into the policy; otherwise do not use this artifact";
  }
  return "do not use this artifact until the publisher explains; the digest that was admitted before can be pinned with `digest`";
}
