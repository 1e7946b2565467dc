import { emptyBranch, type Branch, type Notation, type ReadAt } from "./tree";

const bitString = 0x03;
const octetString = 0x04;

/** DER; octet and bit strings are opened where they hold DER. */
export const derNotation: Notation = {
  read: (bytes) => {
    const [only, ...others] = listIn(bytes) ?? [];
    return others.length === 0 ? only : undefined;
  },
  write: (branch, dice) => {
    const { tag, bytes, before, parts } = branch;
    const content = parts
      ? [before, ...parts.map((part) => derNotation.write(part, dice))]
      : [bytes];
    const all = Buffer.concat(content);
    const length = lengthOf(all.length, dice(400) === 0);
    return Buffer.concat([Buffer.from([tag]), length, all]);
  },
  otherTag: (tag, dice) => tag ^ (1 << dice(8)),
};

function listIn(bytes: Buffer): Branch[] | undefined {
  const found: Branch[] = [];
  for (let at = 0; at < bytes.length;) {
    const next = readAt(bytes, at);
    if (!next) return undefined;
    found.push(next[0]);
    at = next[1];
  }
  return found;
}

const readAt: ReadAt = (bytes, at) => {
  const [tag = 0] = bytes.subarray(at);
  const [start, length] = lengthAt(bytes, at + 1) ?? [];
  if (start === undefined || length === undefined) return undefined;
  const content = bytes.subarray(start, start + length);
  if (content.length < length) return undefined;
  return [
    { ...emptyBranch(tag), bytes: content, ...inside(tag, content) },
    start + length,
  ];
};

function inside(tag: number, content: Buffer): Partial<Branch> {
  const mayHold =
    (tag & 0x20) !== 0 || tag === octetString || tag === bitString;
  const skipped = tag === bitString ? 1 : 0;
  if (!mayHold || content.length <= skipped) return {};
  const parts = listIn(content.subarray(skipped));
  return parts ? { before: content.subarray(0, skipped), parts } : {};
}

/** Where the content begins, and how long it is. */
function lengthAt(
  bytes: Buffer,
  at: number,
): readonly [start: number, length: number] | undefined {
  const [first = 0x80] = bytes.subarray(at);
  if (first < 0x80) return [at + 1, first];
  const width = first & 0x7f;
  const start = at + 1 + width;
  if (width === 0 || width > 4 || start > bytes.length) return undefined;
  return [start, bytes.readUIntBE(at + 1, width)];
}

function lengthOf(length: number, isLong: boolean): Buffer {
  if (length < 0x80 && !isLong) return Buffer.from([length]);
  const width = length < 0x100 ? 1 : length < 0x1_0000 ? 2 : 3;
  const octets = Buffer.alloc(width + (isLong ? 1 : 0));
  octets.writeUIntBE(length, isLong ? 1 : 0, width);
  return Buffer.concat([Buffer.from([0x80 | octets.length]), octets]);
}
