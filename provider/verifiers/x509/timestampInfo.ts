import {
  NotDer,
  contextTag,
  membersOf,
  partsOf,
  readDer,
  tags,
  type Der,
} from "./asn1";
import { readExtensions } from "./certificate";
import { encode } from "./ber";
import { hashOf } from "./signature";
import { booleanOf, countOf, integerOf, oidOf, timeOf } from "./values";

/** `TSTInfo` (RFC 3161 §2.4.2), as far as it proves something. */
export interface TimestampInfo {
  /** as node writes it */
  readonly hash: string;
  readonly imprint: Buffer;
  readonly time: Date;
  readonly accuracyMs: number;
}

/** ETSI's baseline policy, whose authorities are accurate to a second where they do not say (Notary Project, trust policy). */
const baselinePolicy = "0.4.0.2023.1.1";
const baselineMs = 1000;

/** Reads a `TSTInfo`. Throws `NotDer` for what is none, and for what it demands and we do not know. */
export function readTimestampInfo(content: Uint8Array): TimestampInfo {
  const members = membersOf(readDer(content));
  if (integerOf(members.take(tags.integer)) !== 1n) {
    throw new NotDer("is of an unknown version");
  }
  const policy = oidOf(members.take(tags.oid));
  const { hash, imprint } = imprintIn(members.take(tags.sequence));
  integerOf(members.take(tags.integer)); // serial number
  const time = timeOf(members.take(tags.generalizedTime));
  const accuracy = members.maybe(tags.sequence);
  const accuracyMs = accuracy ? millisecondsIn(accuracy) : 0;
  const ordering = members.maybe(tags.boolean);
  if (ordering) booleanOf(ordering);
  members.maybe(tags.integer); // nonce
  members.maybe(contextTag(0, true)); // the authority's name, which the certificate proves
  const extensions = members.maybe(contextTag(1, true));
  if (extensions) requireNoneCritical(extensions);
  members.end();
  const baseline = accuracyMs === 0 && policy === baselinePolicy;
  return {
    hash,
    imprint,
    time,
    accuracyMs: baseline ? baselineMs : accuracyMs,
  };
}

function imprintIn(holder: Der): Pick<TimestampInfo, "hash" | "imprint"> {
  const members = membersOf(holder);
  const hash = hashOf(members.take(tags.sequence));
  const imprint = members.take(tags.octetString).value;
  members.end();
  if (hash === undefined) throw new NotDer("has a hash that does not count");
  return { hash, imprint };
}

function millisecondsIn(accuracy: Der): number {
  let total = 0;
  for (const part of partsOf(accuracy)) {
    const most = part.tag === tags.integer ? 100_000_000 : 999;
    total += countOf(part, most, part.tag) * unitMs(part.tag);
  }
  return Math.ceil(total);
}

function unitMs(tag: number): number {
  if (tag === tags.integer) return 1000;
  if (tag === contextTag(0, false)) return 1;
  if (tag === contextTag(1, false)) return 0.001;
  throw new NotDer("has an unknown unit of accuracy");
}

function requireNoneCritical(holder: Der): void {
  const list = readDer(encode(tags.sequence, holder.value));
  const extensions = readExtensions(list);
  const critical = [...extensions].find(([, extension]) => extension.critical);
  if (critical)
    throw new NotDer(`has an unknown critical extension ${critical[0]}`);
}
