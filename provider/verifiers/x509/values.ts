import { NotDer, requireTag, tags, type Der } from "./asn1";

const maxOctets = 64; // real ones have 20 at the most

/** An OBJECT IDENTIFIER in dotted form. */
export function oidOf(value: Der): string {
  const bytes = requireTag(value, tags.oid).value;
  if (bytes.length > maxOctets) throw new NotDer("has a very long OID");
  const arcs: bigint[] = [];
  let arc = 0n;
  for (const [i, byte] of bytes.entries()) {
    if (arc === 0n && byte === 0x80) throw new NotDer("has a padded OID");
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    const isLast = i === bytes.length - 1;
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0n;
    } else if (isLast) throw new NotDer("has an OID that ends too early");
  }
  const [first, ...others] = arcs;
  if (first === undefined) throw new NotDer("has an empty OID");
  const top = first < 80n ? first / 40n : 2n;
  return [top, first - top * 40n, ...others].join(".");
}

/** An INTEGER or ENUMERATED, or one with an implicit tag. */
export function integerOf(value: Der, tag: number = tags.integer): bigint {
  const bytes = requireTag(value, tag).value;
  const [first, second = 0] = bytes;
  if (first === undefined) throw new NotDer("has an empty number");
  if (bytes.length > maxOctets) throw new NotDer("has a very long number");
  const padded =
    bytes.length > 1 &&
    ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (padded) throw new NotDer("has a padded number");
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString("hex")}`));
}

/** A number that must not be negative nor larger than `most`. */
export function countOf(value: Der, most: number, tag?: number): number {
  const number = integerOf(value, tag);
  if (number >= 0n && number <= BigInt(most)) return Number(number);
  throw new NotDer("has a number out of range");
}

/** A BOOLEAN, or one with an implicit tag. */
export function booleanOf(value: Der, tag: number = tags.boolean): boolean {
  const bytes = requireTag(value, tag).value;
  if (bytes.length === 1 && bytes[0] === 0xff) return true;
  if (bytes.length === 1 && bytes[0] === 0) return false;
  throw new NotDer("has a truth value that is neither");
}

/** The octets of a BIT STRING that has whole octets: a key, a signature. */
export function octetsOf(value: Der): Buffer {
  const bytes = requireTag(value, tags.bitString).value;
  if (bytes[0] !== 0) throw new NotDer("has a broken bit string");
  return bytes.subarray(1);
}

/** The numbers of the bits that are set in a BIT STRING, or in one with an implicit tag. */
export function bitsOf(
  value: Der,
  tag: number = tags.bitString,
): ReadonlySet<number> {
  const bytes = requireTag(value, tag).value;
  const [unused = 8, ...octets] = bytes;
  if (unused > 7 || (octets.length === 0 && unused > 0)) {
    throw new NotDer("has a broken bit string");
  }
  const count = octets.length * 8 - unused;
  const all = Array.from({ length: count }, (_, bit) => bit);
  return new Set(
    all.filter((bit) => ((octets[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1),
  );
}

const utc = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const generalized = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,30}))?Z$/;

/** A UTCTime or GeneralizedTime, both in UTC; fractions of any length are cut to milliseconds. */
export function timeOf(value: Der): Date {
  const text = value.value.toString("latin1");
  if (value.tag === tags.utcTime) {
    const [, year = "", ...parts] = utc.exec(text) ?? [];
    // RFC 5280 §4.1.2.5.1
    return dateOf([`${Number(year) < 50 ? 20 : 19}${year}`, ...parts]);
  }
  requireTag(value, tags.generalizedTime);
  return dateOf((generalized.exec(text) ?? []).slice(1));
}

function dateOf(parts: readonly (string | undefined)[]): Date {
  const [year, month, day, hour, minute, second, fraction = ""] = parts;
  const millis = fraction.padEnd(3, "0").slice(0, 3);
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}Z`;
  const date = new Date(text);
  // the constructor takes 30 February for a day in March
  if (!Number.isNaN(date.getTime()) && date.toISOString() === text) return date;
  throw new NotDer("has a time that is none");
}
