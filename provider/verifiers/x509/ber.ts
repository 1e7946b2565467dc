import { NotDer } from "./asn1";

const maxDepth = 32;
const maxBytes = 256 * 1024; // a token has about 6 kB
const constructed = 0x20;
const constructedOctets = 0x24;

/** BER as DER, as far as CMS needs it: definite lengths, whole octet strings. DER stays as it is (RFC 5652 §5: signers may write BER). */
export function derOf(bytes: Uint8Array): Buffer {
  if (bytes.length > maxBytes) throw new NotDer("is too large");
  const input = Buffer.from(bytes);
  const { der, end } = convert(input, 0, 0);
  if (end === input.length) return der;
  throw new NotDer("is not one BER value");
}

interface Converted {
  readonly der: Buffer;
  /** where the next value begins */
  readonly end: number;
}

function convert(input: Buffer, at: number, depth: number): Converted {
  const tag = input[at];
  if (tag === undefined || depth > maxDepth) throw new NotDer("is not BER");
  if ((tag & 0x1f) === 0x1f) throw new NotDer("has a tag of several octets");
  const { start, length } = lengthAt(input, at + 1);
  if ((tag & constructed) === 0) {
    if (length === undefined) throw new NotDer("has an endless primitive");
    const value = input.subarray(start, start + length);
    return { der: encode(tag, value), end: start + length };
  }
  const { parts, end } = partsAt(input, { start, length, depth });
  if (tag !== constructedOctets) {
    return { der: encode(tag, Buffer.concat(parts)), end };
  }
  return { der: encode(0x04, Buffer.concat(parts.map(octetsIn))), end };
}

function partsAt(
  input: Buffer,
  holder: {
    readonly start: number;
    readonly length: number | undefined;
    readonly depth: number;
  },
): { readonly parts: readonly Buffer[]; readonly end: number } {
  const { start, length, depth } = holder;
  const parts: Buffer[] = [];
  let at = start;
  while (length === undefined || at < start + length) {
    if (length === undefined && input[at] === 0 && input[at + 1] === 0) {
      return { parts, end: at + 2 };
    }
    const part = convert(input, at, depth + 1);
    parts.push(part.der);
    at = part.end;
  }
  if (at === start + length) return { parts, end: at };
  throw new NotDer("ends too early");
}

/** What a converted octet string holds. */
function octetsIn(der: Buffer): Buffer {
  if (der[0] !== 0x04) throw new NotDer("has a broken octet string");
  return der.subarray(lengthAt(der, 1).start);
}

function lengthAt(
  input: Buffer,
  at: number,
): { readonly start: number; readonly length: number | undefined } {
  const first = input[at];
  if (first === undefined) throw new NotDer("ends too early");
  if (first === 0x80) return { start: at + 1, length: undefined };
  const octets = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 1 + octets;
  if (octets > 4 || start > input.length) throw new NotDer("ends too early");
  const length = octets === 0 ? first : input.readUIntBE(at + 1, octets);
  if (start + length > input.length) throw new NotDer("ends too early");
  return { start, length };
}

/** One DER value. */
export function encode(tag: number, value: Uint8Array): Buffer {
  const { length } = value;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value]);
  const digits = length.toString(16);
  const octets = Buffer.from(
    digits.padStart(digits.length + (digits.length % 2), "0"),
    "hex",
  );
  return Buffer.concat([
    Buffer.from([tag, 0x80 | octets.length]),
    octets,
    value,
  ]);
}
