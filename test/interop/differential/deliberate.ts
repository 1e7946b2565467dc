import type { Compared } from "./tally";

/** A difference that we mean. */
export interface Deliberate {
  readonly id: string;
  readonly tool: "cosign" | "notation";
  /** why, as it stands in DECISIONS.md */
  readonly reason: string;
  explains(one: Compared): boolean;
}

const has = (one: Compared, ...traits: readonly string[]): boolean =>
  traits.some((trait) => one.traits.includes(trait));
const stricter = ({ theirs, ours }: Compared): boolean =>
  theirs.admits && !ours.admits;

/** Every difference that we mean; one that no case shows is a failure. */
export const deliberate: readonly Deliberate[] = [
  {
    id: "notation-unenforced",
    tool: "notation",
    reason:
      "A statement of level audit or skip, or with authenticity only logged, lets anybody's signature pass: as a gate it would prove nothing, so it satisfies nothing.",
    explains: (one) =>
      stricter(one) && one.ours.why.includes("NOTATION_NOT_ENFORCED"),
  },
  {
    id: "notation-unknown-critical",
    tool: "notation",
    reason:
      "notation-go looks for unknown critical attributes on the way to a plugin only; the specification says that a verifier must fail, and so do we.",
    explains: (one) =>
      stricter(one) &&
      has(one, "unknown and critical") &&
      one.ours.why.includes("NOTATION_INTEGRITY"),
  },
  {
    id: "notation-json",
    tool: "notation",
    reason:
      "Go's JSON takes a member twice, and in any case of letters: two readers could see two things in one signed envelope. We take neither.",
    explains: (one) =>
      stricter(one) && has(one, "a member twice", "a member in capitals"),
  },
  {
    id: "notation-policy-json",
    tool: "notation",
    reason:
      "The same of a trust policy: members in another case of letters are named in Check, because other readers would not see them.",
    explains: (one) =>
      stricter(one) &&
      has(one, "document:capitals") &&
      one.ours.why.startsWith("invalid"),
  },
];
