import type { Compared } from "./compared";

/** A difference that we mean. */
export interface Deliberate {
  readonly id: string;
  readonly tool: "cosign" | "cosign CUE" | "notation";
  /** why, as it stands in DECISIONS.md */
  readonly reason: string;
  explains(one: Compared): boolean;
}

const has = (one: Compared, ...traits: readonly string[]): boolean =>
  traits.some((trait) => one.traits.includes(trait));
const stricter = ({ theirs, ours }: Compared): boolean =>
  theirs.admits && !ours.admits;
const moreAble = ({ theirs, ours }: Compared): boolean =>
  ours.admits && !theirs.admits;

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
  {
    id: "cosign-critical-type",
    tool: "cosign",
    reason:
      "cosign does not look at critical.type, so a simple signature made for another purpose passes; we want cosign's own.",
    explains: (one) => stricter(one) && has(one, "of another critical type"),
  },
  {
    id: "cosign-statement-type",
    tool: "cosign",
    reason:
      "cosign takes a statement of any _type; we take in-toto's v0.1 and v1, whose members we know.",
    explains: (one) => stricter(one) && has(one, "of another statement type"),
  },
  {
    id: "cosign-attestation-as-signature",
    tool: "cosign",
    reason:
      "cosign verify takes any attestation bundle of the right signer for a signature, a failed test result too; a statement about an artifact is no signature on it.",
    explains: (one) =>
      stricter(one) &&
      has(one, "of signatures") &&
      one.ours.why.includes("NOT_A_SIGNATURE"),
  },
  {
    id: "cosign-two-issuers",
    tool: "cosign",
    reason:
      "cosign reads a certificate's new issuer extension and does not look at the old one; a certificate that names two issuers says nothing, and is refused.",
    explains: (one) => stricter(one) && has(one, "two issuers"),
  },
  {
    id: "cosign-unanchored",
    tool: "cosign",
    reason:
      "cosign searches an identity for a pattern, so that of acme/app admits acme/app-evil too; ours must match the whole identity.",
    explains: (one) =>
      stricter(one) && has(one, "pattern unanchored", "pattern inside"),
  },
  {
    id: "cosign-hidden-by-bundle",
    tool: "cosign",
    reason:
      "Where any bundle is attached, cosign looks at no tag: a stranger's bundle hides a good .sig. We try all evidence.",
    explains: (one) =>
      moreAble(one) &&
      one.traits.some((trait) => trait.includes(" behind a stranger's ")),
  },
  {
    id: "cosign-either-time",
    tool: "cosign",
    reason:
      "With --use-signed-timestamps cosign takes a timestamp's time alone; tlog: not-required takes a verified log entry's too, where there is no timestamp.",
    explains: (one) =>
      moreAble(one) &&
      one.traits.includes("no log") &&
      one.theirs.why.includes("signed timestamps"),
  },
  {
    id: "cosign-today",
    tool: "cosign",
    reason:
      "Asked for signed timestamps, cosign judges a legacy attestation without one by today's date, whatever its log entry says. Nothing proves then when it was signed; we want a proven time.",
    explains: (one) =>
      stricter(one) &&
      has(one, "no log") &&
      !has(one, "stamped") &&
      /TIME_UNPROVEN|TLOG_MISMATCH|TLOG_INVALID/.test(one.ours.why),
  },
  {
    id: "cosign-missing-member",
    tool: "cosign CUE",
    reason:
      "cosign unifies an attestation with a CUE policy, which fills in whatever member is not there: a condition on it passes. Here what is missing is not met.",
    explains: (one) => stricter(one) && has(one, "absent"),
  },
];
