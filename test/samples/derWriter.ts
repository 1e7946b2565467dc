/** Writes DER, and on request what should never be written. */

/** One value. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const value = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(value.length)]), value]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer =>
  der(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Buffer =>
  der(0x31, ...parts);
export const octetString = (value: Uint8Array): Buffer => der(0x04, value);
export const utf8String = (text: string): Buffer =>
  der(0x0c, Buffer.from(text));
export const printableString = (text: string): Buffer =>
  der(0x13, Buffer.from(text));
export const boolean = (value: boolean): Buffer =>
  der(0x01, Buffer.from([value ? 0xff : 0]));
export const enumerated = (value: number): Buffer =>
  der(0x0a, Buffer.from([value]));
export const nothing = (): Buffer => der(0x05);

/** `[number]` around whole values, or in the place of a tag. */
export const constructed = (
  number: number,
  ...parts: readonly Uint8Array[]
): Buffer => der(0xa0 | number, ...parts);
/** `[number]` in the place of a primitive's tag. */
export const primitive = (number: number, value: Uint8Array): Buffer =>
  der(0x80 | number, value);

/** A BIT STRING of whole octets. */
export const bitString = (value: Uint8Array): Buffer =>
  der(0x03, Buffer.from([0]), value);

/** A BIT STRING with these bits set, written as short as can be. */
export function namedBits(...bits: readonly number[]): Buffer {
  const last = Math.max(-1, ...bits);
  const octets = Buffer.alloc((last >> 3) + 1);
  for (const bit of bits) {
    octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  }
  const unused = last < 0 ? 0 : 7 - (last & 7);
  return der(0x03, Buffer.from([unused]), octets);
}

/** An INTEGER that is not negative. */
export function integer(value: number | bigint): Buffer {
  const digits = value.toString(16);
  const even = digits.padStart(digits.length + (digits.length % 2), "0");
  const padded =
    Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even;
  return der(0x02, Buffer.from(padded, "hex"));
}

export function utcTime(time: Date): Buffer {
  return der(0x17, Buffer.from(digitsOf(time).slice(2)));
}

/** A GeneralizedTime; `fraction` is written as it stands: `.5`. */
export function generalizedTime(time: Date, fraction = ""): Buffer {
  const digits = digitsOf(time).replace("Z", `${fraction}Z`);
  return der(0x18, Buffer.from(digits));
}

export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap(base128);
  return der(0x06, Buffer.from(bytes));
}

/** The value of an implicitly tagged SEQUENCE or SET: what lies inside. */
export function inside(value: Buffer): Buffer {
  const first = value[1] ?? 0;
  return value.subarray(2 + (first < 0x80 ? 0 : first & 0x7f));
}

function digitsOf(time: Date): string {
  return time.toISOString().replace(/[-:T]|\.\d+/g, "");
}

function base128(arc: number): readonly number[] {
  const low = arc % 128;
  const rest = Math.floor(arc / 128);
  if (rest === 0) return [low];
  return [...base128(rest).map((byte) => byte | 0x80), low];
}

function lengthOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  if (length < 0x100) return [0x81, length];
  if (length < 0x1_0000) return [0x82, length >> 8, length & 0xff];
  return [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
}
