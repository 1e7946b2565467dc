import { Refusal, asRefusal } from "../../refusal";
import type { TrustedRootDocument } from "../trustedRoot";
import { readCertificate, type Certificate } from "../x509/certificate";
import { verifyTimestamp } from "../x509/timestamp";

/** A timestamp authority of a root. */
export interface Stamper {
  /** whose certificate must have signed the timestamp */
  readonly leaf: Certificate;
  readonly others: readonly Certificate[];
  readonly root: Certificate;
  readonly start: Date;
  readonly end: Date | undefined;
}

/** The timestamp authorities of a root. Throws when a certificate cannot be read. */
export function stampersOf(document: TrustedRootDocument): readonly Stamper[] {
  return document.timestampAuthorities.flatMap(({ certChain, validFor }) => {
    const chain = certChain.certificates.map(({ rawBytes }) =>
      readCertificate(Buffer.from(rawBytes, "base64")),
    );
    const [leaf] = chain;
    const root = chain.at(-1);
    if (!leaf || !root) return [];
    const { start, end } = validFor;
    return [
      {
        leaf,
        others: chain.slice(0, -1),
        root,
        start: new Date(start),
        end: end === undefined ? undefined : new Date(end),
      },
    ];
  });
}

/** The moment that a timestamp proves for bytes, by one of a root's authorities. Throws `TIME_INVALID` (T16). */
export function stampedTime(
  token: Buffer,
  stamped: Buffer,
  stampers: readonly Stamper[],
): Date {
  let nearest: Refusal | undefined;
  for (const stamper of stampers) {
    try {
      return timeBy(stamper, token, stamped);
    } catch (thrown) {
      nearest = asRefusal(thrown);
    }
  }
  throw nearest ?? invalid("the trusted root has no timestamp authority");
}

function timeBy(stamper: Stamper, token: Buffer, stamped: Buffer): Date {
  const { leaf, others, root, start, end } = stamper;
  const { time, chain } = verifyTimestamp({
    token,
    signature: stamped,
    roots: [root],
    intermediates: others,
  });
  const [signer] = chain;
  // every other leaf under the same root is somebody else's
  if (!signer?.der.equals(leaf.der)) {
    throw invalid("a timestamp is by an authority that is not in the root");
  }
  if (time < start || (end && time > end)) {
    throw invalid("a timestamp is outside of its authority's time in the root");
  }
  return time;
}

function invalid(why: string): Refusal {
  return new Refusal("TIME_INVALID", why);
}
