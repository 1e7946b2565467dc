import type { Discovered } from "./discover";
import type { Looked, Policy, Signer, Verdict } from "./ports";
import { printable } from "./printable";
import { remediesFor } from "./remedies";

/** Of all lines but the headline and the remedies: 40 in all. */
const maxLines = 37;
const maxSections = 6;
const maxWarnings = 3;
const maxIgnored = 4;
const maxOffers = 3;
const maxWords = 500;
const maxName = 300;

/** The words of a no, in at most 40 lines: which requirement, what was looked at and why each was refused, whom to name instead, and what to do. */
export function refusal(
  judged: { readonly discovered: Discovered; readonly policy: Policy },
  verdicts: readonly Verdict[],
): { what: string; why: string; remedy: string } {
  const lacking = verdicts.filter(({ outcome }) => outcome !== "passed");
  const failed = lacking.filter(({ blocks }) => blocks);
  const warned = lacking.filter(({ blocks }) => !blocks);
  const ignored = judged.discovered.ignored.map(
    ({ digest, code, reason }) =>
      `  set aside: ${digest}: ${printable(reason, maxWords)} (${code})`,
  );
  const last = [
    ...capped(warned.map(warning), maxWarnings),
    ...capped(ignored, maxIgnored),
  ];
  const shown = failed.slice(0, maxSections);
  const others = failed
    .slice(maxSections)
    .map(({ requirement }) => requirement);
  const more = others.length > 0 ? [`  … and ${others.join(", ")}`] : [];
  const left = maxLines - last.length - more.length;
  const share = Math.floor(left / Math.max(1, shown.length));
  const lines = shown.flatMap((verdict) =>
    section(verdict, judged.policy.requirements, share),
  );
  return {
    what: isUnasked(failed) ? "could not be judged" : "refused by policy",
    why: [headline(failed), ...lines, ...more, ...last].join("\n"),
    remedy: remediesFor(failed).join("\n  "),
  };
}

/** Whether nothing was refused, and something could not be asked. */
export function isUnasked(against: readonly Verdict[]): boolean {
  return (
    against.length > 0 &&
    against.every(({ outcome }) => outcome === "inconclusive")
  );
}

function headline(failed: readonly Verdict[]): string {
  if (failed.length === 0) return "no requirement was judged";
  const words = failed.map(({ requirement, code }) => `${requirement} ${code}`);
  return printable(words.join(", "), maxWords);
}

function warning({ requirement, code, reason }: Verdict): string {
  return `  ${requirement} (only warns): ${printable(reason, maxWords)} (${code})`;
}

/** One requirement, in at most so many lines: why not, what was seen besides, who was wanted, and what was looked at, nearest miss first. */
function section(
  verdict: Verdict,
  requirements: Policy["requirements"],
  maxSection: number,
): string[] {
  const { requirement, reason, code, notes = [] } = verdict;
  const authorities = requirements
    .filter(({ name }) => name === requirement)
    .flatMap((one) => one.authorities);
  const fourth = Math.max(1, Math.floor(maxSection / 4));
  const wanted = authorities.map(
    ({ name, wants }) => `    wanted: ${name}: ${printable(wants, maxName)}`,
  );
  const above = [
    `  ${requirement}: ${printable(reason, maxWords)} (${code})`,
    ...capped(
      notes.map((note) => `    note: ${printable(note, maxName)}`),
      fourth,
    ),
    ...capped(wanted, fourth),
  ];
  const offers = offersOf(verdict.looked, wanted.join("\n"));
  const pieces = verdict.looked.map((one) => [
    pieceText(one),
    ...(offers.get(one) ?? []),
  ]);
  const all = [...above, ...pieces.flat()];
  return all.length <= maxSection
    ? all
    : [...above, ...whole(pieces, maxSection - above.length - 1)];
}

/** As many pieces as fit with all their lines, and how many there are besides. */
function whole(pieces: readonly string[][], most: number): string[] {
  const ends = pieces.map(
    (_, at) => pieces.slice(0, at + 1).flat().length <= most,
  );
  const count = Math.max(most > 0 ? 1 : 0, ends.lastIndexOf(true) + 1);
  const shown = pieces.slice(0, count).flat().slice(0, most);
  return [...shown, `    … and ${pieces.length - count} more`];
}

function pieceText(one: Looked): string {
  const seen = one.seen ? `, signed by ${signerText(one.seen)}` : "";
  const by = one.authority === "" ? "" : `${one.authority}: `;
  return `    - ${printable(one.format, maxName)} ${one.evidence}${seen}: ${by}${printable(one.reason, maxWords)} (${one.code})`;
}

/** Codes of evidence that would count if the policy named its signer. */
const strangers: readonly string[] = ["IDENTITY_MISMATCH", "NOTATION_IDENTITY"];

/** The words of a certificate that says something else than its names: whoever pasted those would drop the condition. */
const isCondition = /\bits (?!issuer |identity |subject )\w+ (is|has) /;

/** The lines that would name the nearest strangers, each once; whom the policy names already lacks something else. */
function offersOf(
  looked: readonly Looked[],
  wanted: string,
): ReadonlyMap<Looked, string[]> {
  const offered = new Map<string, Looked>();
  for (const one of looked) {
    if (!one.seen || !strangers.includes(one.code)) continue;
    if (isCondition.test(one.reason)) continue;
    const { words, name } = pasted(one.seen);
    const isNew = name !== "" && !wanted.includes(name) && !offered.has(words);
    if (isNew && offered.size < maxOffers) offered.set(words, one);
  }
  return new Map(
    [...offered].map(([words, one]) => [
      one,
      [`      to name this signer: ${words}`],
    ]),
  );
}

/** A signer as a policy names him. */
function pasted(signer: Signer): { words: string; name: string } {
  const { issuer, identity = "", subject = "" } = signer;
  if (issuer !== undefined) {
    const words = `keyless: { issuer: ${quoted(issuer)}, identity: ${quoted(identity)} }`;
    return { words, name: identity };
  }
  if (identity !== "")
    return { words: `identity: ${quoted(identity)}`, name: identity };
  const words = `trustedIdentities: [${quoted(`x509.subject: ${subject}`)}]`;
  return { words, name: subject };
}

const quoted = (word: string) => JSON.stringify(printable(word, maxName));

/** `identity (issuer)`, the subject of a certificate, or `key sha256:…`; unproven unless it comes from `Authenticated`. */
export function signerText(signer: Signer): string {
  const { identity, issuer = "issuer unknown", subject, keyId } = signer;
  if (identity)
    return `${printable(identity, maxName)} (${printable(issuer, maxName)})`;
  if (subject) return printable(subject, maxName);
  return keyId ? `key ${keyId}` : "nobody known";
}

function capped(lines: readonly string[], most: number): string[] {
  const more = lines.length - most;
  return more > 0
    ? [...lines.slice(0, most - 1), `    … and ${more + 1} more`]
    : [...lines];
}
