/** One value of DER: its identifier octet, its content, and both with the length between them. */
export interface Der {
  readonly tag: number;
  readonly value: Buffer;
  readonly bytes: Buffer;
}

/** Identifier octets that our formats use. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier octet of `[number]`, constructed or primitive. */
export function contextTag(number: number, constructed: boolean): number {
  return 0x80 | (constructed ? 0x20 : 0) | number;
}

/** Bytes that are not the DER they should be. */
export class NotDer extends Error {
  override readonly name = "NotDer";
}

/** Reads exactly one value: definite and shortest lengths, no byte left over. Throws `NotDer`. */
export function readDer(bytes: Uint8Array): Der {
  const [only, ...others] = readAll(Buffer.from(bytes));
  if (!only || others.length > 0) throw new NotDer("is not one DER value");
  return only;
}

/** The values inside a constructed one. */
export function partsOf(holder: Der): readonly Der[] {
  if ((holder.tag & 0x20) === 0) throw new NotDer("has nothing inside");
  return readAll(holder.value);
}

/** Reads the members of a SEQUENCE in order. */
export interface Members {
  /** The next member, which must have this tag. */
  take(tag: number): Der;
  /** The next member if it has this tag. */
  maybe(tag: number): Der | undefined;
  /** The next member, whatever it is. */
  any(): Der;
  /** All that is left. */
  rest(): readonly Der[];
  /** Throws when something is left. */
  end(): void;
}

/** The members of a SEQUENCE, or of a value that is tagged like one, read one by one. */
export function membersOf(holder: Der, tag: number = tags.sequence): Members {
  const parts = partsOf(requireTag(holder, tag));
  let next = 0;
  const any = (): Der => {
    const part = parts[next++];
    if (!part) throw new NotDer("lacks a member");
    return part;
  };
  return {
    any,
    take: (wanted) => requireTag(any(), wanted),
    maybe: (wanted) => (parts[next]?.tag === wanted ? any() : undefined),
    rest: () => {
      const left = parts.slice(next);
      next = parts.length;
      return left;
    },
    end: () => {
      if (next < parts.length) throw new NotDer("has a member too many");
    },
  };
}

/** The value, which must have this tag. */
export function requireTag(value: Der, tag: number): Der {
  if (value.tag === tag) return value;
  throw new NotDer(`has tag ${value.tag} where ${tag} belongs`);
}

const maxParts = 1000; // a name, a certificate, a response have a few; only lists have more, and are read one by one

function readAll(bytes: Buffer): readonly Der[] {
  const found: Der[] = [];
  for (const part of eachPart(bytes)) {
    if (found.length === maxParts) throw new NotDer("has too many parts");
    found.push(part);
  }
  return found;
}

/** Values that stand one behind the other, each read when it is asked for. */
export function* eachPart(bytes: Buffer): Generator<Der, void, undefined> {
  for (let at = 0; at < bytes.length;) {
    const one = readAt(bytes, at);
    yield one;
    at += one.bytes.length;
  }
}

function readAt(bytes: Buffer, at: number): Der {
  const tag = bytes[at] ?? 0;
  if ((tag & 0x1f) === 0x1f) throw new NotDer("has a tag of several octets");
  const { octets, length } = lengthAt(bytes, at + 1);
  const start = at + 1 + octets;
  const end = start + length;
  if (end > bytes.length) throw new NotDer("ends too early");
  return {
    tag,
    value: bytes.subarray(start, end),
    bytes: bytes.subarray(at, end),
  };
}

/** The length that stands at a place, and how many octets say so. */
function lengthAt(
  bytes: Buffer,
  at: number,
): { readonly octets: number; readonly length: number } {
  const first = bytes[at];
  if (first === undefined) throw new NotDer("ends too early");
  if (first < 0x80) return { octets: 1, length: first };
  const more = first & 0x7f;
  if (more === 0) throw new NotDer("has an indefinite length");
  if (more > 4 || at + 1 + more > bytes.length) {
    throw new NotDer("ends too early");
  }
  const length = bytes.readUIntBE(at + 1, more);
  const shortest = more === 1 ? 0x80 : 256 ** (more - 1);
  if (length >= shortest) return { octets: 1 + more, length };
  throw new NotDer("has a length that is not the shortest");
}
