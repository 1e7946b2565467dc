import type { ProvenTime } from "../../../mirror/ports";
import { textOf } from "../../../mirror/textOf";
import type { NotationEnvelope } from "../../formats/notationEnvelope";
import { Refusal } from "../../refusal";
import type { Certificate } from "../../x509/certificate";
import { subjectText } from "../../x509/names";
import { verifyTimestamp, type Timestamp } from "../../x509/timestamp";
import { certificatesOf, type TrustStores } from "./trustStores";
import type { Statement } from "./trustPolicy";

/** What the time of a signature is judged by. */
export interface TimeQuery {
  readonly envelope: NotationEnvelope;
  readonly chain: readonly Certificate[];
  readonly statement: Statement;
  readonly stores: TrustStores;
  readonly now: Date;
  /** refuses a timestamp authority whose certificates were revoked */
  requireUnrevoked(chain: readonly Certificate[]): Promise<void>;
}

/** When the certificates were found valid. */
export interface Timeliness {
  /** absent where they are valid now, which proves no time */
  readonly proven?: ProvenTime;
  /** when they will no longer be valid now */
  readonly until?: Date;
}

/** Proves that every certificate was valid at an authentic time, or is valid now where the policy wants no timestamp (§3.1 "Timestamp"). Throws `NOTATION_TIMESTAMP`. */
export async function proveTimeliness(query: TimeQuery): Promise<Timeliness> {
  const { envelope, chain, now } = query;
  if (envelope.scheme === "notary.x509.signingAuthority") {
    const time = envelope.signingTime;
    requireValid(chain, { from: time, to: time, when: "when it was signed" });
    return { proven: { time, source: "signing-authority" } };
  }
  if (!wantsTimestamp(query)) {
    requireValid(chain, { from: now, to: now, when: "now" });
    const ends = chain.map(({ notAfter }) => notAfter.getTime());
    return { until: new Date(Math.min(...ends)) };
  }
  const stamped = stampOf(query);
  const { lower, upper, time } = stamped;
  requireValid(chain, { from: lower, to: upper, when: "when it was stamped" });
  await query.requireUnrevoked(stamped.chain);
  return { proven: { time, source: "rfc3161" } };
}

function wantsTimestamp({ statement, chain, now }: TimeQuery): boolean {
  if (!statement.stores.some(({ type }) => type === "tsa")) return false;
  const isExpired = chain.some(({ notAfter }) => now > notAfter);
  return statement.verifyTimestamp === "always" || isExpired;
}

function stampOf({ envelope, statement, stores }: TimeQuery): Timestamp {
  const { timestamp: token, signature } = envelope;
  if (!token) {
    throw untimely("it has no timestamp, which the trust policy wants");
  }
  const roots = certificatesOf(stores, statement.stores, "tsa");
  try {
    return verifyTimestamp({ token, signature, roots });
  } catch (thrown) {
    throw untimely(textOf(thrown), thrown);
  }
}

interface Span {
  readonly from: Date;
  readonly to: Date;
  /** in words */
  readonly when: string;
}

function requireValid(
  chain: readonly Certificate[],
  { from, to, when }: Span,
): void {
  const invalid = chain.find(
    ({ notBefore, notAfter }) => from < notBefore || to > notAfter,
  );
  if (!invalid) return;
  const { notBefore, notAfter } = invalid;
  const name = JSON.stringify(subjectText(invalid));
  throw untimely(
    `certificate ${name} is not valid ${when}, only ${notBefore.toISOString()} to ${notAfter.toISOString()}`,
  );
}

function untimely(why: string, cause?: unknown): Refusal {
  return new Refusal("NOTATION_TIMESTAMP", why, { cause });
}
