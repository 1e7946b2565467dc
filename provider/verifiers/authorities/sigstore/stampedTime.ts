import { RFC3161Timestamp } from "@sigstore/core";
import { asRefusal, Refusal } from "../../refusal";
import { readDer } from "../x509/asn1";
import { verifyTimestamp } from "../x509/timestamp";
import { outdated } from "./outdated";
import type { Stamper } from "./stampers";
import type { Trust } from "./trust";

/** The moment that a timestamp proves for bytes, by one of a root's authorities. Throws `TIME_INVALID` (T16), or `TRUST_OUTDATED`. */
export function stampedTime(
  token: Buffer,
  stamped: Buffer,
  trust: Trust,
): Date {
  let last: Refusal | undefined;
  for (const stamper of trust.stampers) {
    try {
      return timeBy(stamper, token, stamped);
    } catch (thrown) {
      last = asRefusal(thrown);
    }
  }
  const stranger = isByStranger(token, trust.stampers)
    ? outdated(trust, "a timestamp's authority")
    : undefined;
  throw (
    stranger ?? last ?? invalid("the trusted root has no timestamp authority")
  );
}

/** Whether a timestamp names an authority that is none of these. */
function isByStranger(token: Buffer, stampers: readonly Stamper[]): boolean {
  try {
    const { signerIssuer, signerSerialNumber } = RFC3161Timestamp.parse(
      Buffer.from(token),
    );
    const serial = BigInt(`0x${signerSerialNumber.toString("hex")}`);
    return !stampers.some(
      ({ leaf }) =>
        leaf.serial === serial &&
        readDer(leaf.issuerDer).value.equals(signerIssuer),
    );
  } catch {
    return false; // what cannot be read is no timestamp of anybody's
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
