/** What a responder or a list says about one certificate, its signature and its dates already checked. */
export type Status =
  | { readonly kind: "good" }
  /** the responder has never heard of it */
  | { readonly kind: "unheard" }
  | {
      readonly kind: "revoked";
      readonly at: Date;
      readonly reason: string;
      /** from when on the key must be thought lost (RFC 5280 §5.3.2) */
      readonly invalidFrom?: Date;
    };

/** A status, and until when it holds. */
export interface Answer {
  readonly status: Status;
  readonly until: Date;
}

const reasons = [
  "unspecified",
  "keyCompromise",
  "cACompromise",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
  "certificateHold",
  "unknown",
  "removeFromCRL",
  "privilegeWithdrawn",
  "aACompromise",
] as const;

/** The name of a `CRLReason`. */
export function reasonName(code: number): string {
  return reasons[code] ?? "unknown";
}

/** Why revocation could not be learnt: no answer, or one that proves nothing. Never leaves this folder. */
export class NoStatus extends Error {
  override readonly name = "NoStatus";
}

const skewMs = 5 * 60 * 1000;

/** Throws unless `now` lies between the two dates; the first may be a little ahead, as clocks are. */
export function requireCurrent(
  what: string,
  dates: { readonly from: Date; readonly until: Date | undefined },
  now: Date,
): Date {
  const { from, until } = dates;
  if (from.getTime() > now.getTime() + skewMs) {
    throw new NoStatus(`${what} is from the future: ${from.toISOString()}`);
  }
  if (!until) throw new NoStatus(`${what} does not say until when it holds`);
  if (until >= now) return until;
  throw new NoStatus(`${what} has expired: ${until.toISOString()}`);
}
