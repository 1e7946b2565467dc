import type { Dice } from "./fuzzing";

/** One value of DER or CBOR, and what is inside it; to be changed at will. */
export interface Branch {
  /** DER: the identifier octet. CBOR: the major type */
  tag: number;
  /** CBOR: a number, or a tag's number */
  count: number;
  bytes: Buffer;
  /** what is before the parts: the first octet of a bit string */
  before: Buffer;
  parts: Branch[] | undefined;
}

/** A way to write such values. */
export interface Notation {
  /** The one value in the bytes, or undefined where there is none, or more. */
  readonly read: (bytes: Buffer) => Branch | undefined;
  /** The bytes; now and then a length is longer than needed. */
  readonly write: (branch: Branch, dice: Dice) => Buffer;
  readonly otherTag: (tag: number, dice: Dice) => number;
}

/** Reads one value at a place; undefined where there is none. */
export type ReadAt = (
  bytes: Buffer,
  at: number,
) => readonly [branch: Branch, end: number] | undefined;

/** A value without anything in it. */
export function emptyBranch(tag: number): Branch {
  const none = Buffer.alloc(0);
  return { tag, count: 0, bytes: none, before: none, parts: undefined };
}
