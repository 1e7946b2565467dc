import { RFC3161Timestamp } from "@sigstore/core";
import { asRefusal, Refusal } from "../../refusal";
import { readDer } from "../../x509/asn1";
import { verifyTimestamp } from "../../x509/timestamp";
import { outdated } from "./outdated";
import type { Stamper } from "./stampers";
import type { Trust } from "./trust";

/** The moment that a timestamp proves for bytes, by one of a root's authorities. Throws `TIME_INVALID` (T16), or `TRUST_OUTDATED`. */
export function stampedTime(
  token: Buffer,
  stamped: Buffer,
  trust: Trust,
): Date {
  const named = namedBy(token, trust.stampers);
  let last: Refusal | undefined;
  for (const stamper of named) {
    try {
      return timeBy(stamper, token, stamped);
    } catch (thrown) {
      last = asRefusal(thrown);
    }
  }
  throw last ?? outdated(trust, "a timestamp's authority") ?? strange();
}

/** The authorities that a timestamp says it is by; all of them where it cannot be read so far. */
function namedBy(
  token: Buffer,
  stampers: readonly Stamper[],
): readonly Stamper[] {
  try {
    const { signerIssuer, signerSerialNumber } = RFC3161Timestamp.parse(
      Buffer.from(token),
    );
    const serial = BigInt(`0x${signerSerialNumber.toString("hex")}`);
    return stampers.filter(
      ({ leaf }) =>
        leaf.serial === serial &&
        readDer(leaf.issuerDer).value.equals(signerIssuer),
    );
  } catch {
    return stampers; // a signer named by its key, or no timestamp at all
  }
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
  if (!signer?.der.equals(leaf.der)) throw strange();
  if (time < start || (end && time > end)) {
    throw invalid("a timestamp is outside of its authority's time in the root");
  }
  return time;
}

function strange(): Refusal {
  return invalid("a timestamp is by an authority that is not in the root");
}

function invalid(why: string): Refusal {
  return new Refusal("TIME_INVALID", why);
}
