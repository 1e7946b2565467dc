import { MalformedError } from "../oci/malformed";
import type { Signer } from "../mirror/ports";
import { printable } from "../mirror/printable";
import { textOf } from "../mirror/textOf";

/** From nearly good to hopeless: a report shows the nearest miss first. */
const nearestFirst = [
  "TOO_OLD",
  "POLICY",
  "IDENTITY_MISMATCH",
  "NOTATION_IDENTITY",
  "REVOCATION_UNKNOWN",
  "REVOKED",
  "NOTATION_EXPIRED",
  "NOTATION_NOT_ENFORCED",
  "TRUST_OUTDATED",
  "KEY_EXPIRED",
  "TLOG_MISSING",
  "TIME_UNPROVEN",
  "REFERENCE_MISMATCH",
  "ANNOTATION_MISMATCH",
  "SUBJECT_MISMATCH",
  "TLOG_INVALID",
  "TLOG_MISMATCH",
  "TIME_INVALID",
  "NOTATION_TIMESTAMP",
  "CERT_INVALID",
  "NOTATION_SCOPE",
  "NOTATION_AUTHENTICITY",
  "NOTATION_PLUGIN_NEEDED",
  "KEY_MISMATCH",
  "SIGNATURE_INVALID",
  "NOTATION_INTEGRITY",
  "DIGEST_MISMATCH",
  "LIMIT",
  "MALFORMED",
  "UNSUPPORTED_FORMAT",
  "UNSIGNED",
  "OTHER_KIND",
  "OTHER_PREDICATE",
  "NOT_A_SIGNATURE",
] as const;

/** Why a piece of evidence does not count (`verification.md` §7.2); stable, users and tests rely on them. */
export type RefusalCode = (typeof nearestFirst)[number];

/** How far from good a code is; codes of other kinds of authority come behind ours. */
export function farness(code: string): number {
  const place = nearestFirst.findIndex((known) => known === code);
  return place < 0 ? nearestFirst.length : place;
}

/** What a refusal may carry besides its words. */
export interface RefusalMore extends ErrorOptions {
  /** the identity in the evidence, proven or not */
  readonly seen?: Signer;
}

/** Thrown by formats and authorities; never leaves `authenticate`, which makes a `Rejection` of it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly seen: Signer | undefined;

  constructor(
    readonly code: RefusalCode,
    message: string,
    { seen, ...options }: RefusalMore = {},
  ) {
    super(message, options);
    this.seen = seen;
  }
}

/** Whatever was thrown, as a refusal: what we do not know by name is malformed, never a pass. */
export function asRefusal(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  const prefix = thrown instanceof MalformedError ? "" : "could not be read: ";
  return new Refusal("MALFORMED", prefix + textOf(thrown), { cause: thrown });
}

const maxReason = 200;

/** Foreign words made safe to show: one line, at most 200 characters. */
export function reasonText(words: string): string {
  return printable(words.trim(), maxReason);
}
