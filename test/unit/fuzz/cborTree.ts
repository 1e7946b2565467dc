import { emptyBranch, type Branch, type Notation, type ReadAt } from "./tree";

const major = { bytes: 2, text: 3, list: 4, map: 5, tag: 6 } as const;

/** CBOR of definite lengths; byte strings are opened where they hold lists, maps or tags. */
export const cborNotation: Notation = {
  read: (bytes) => {
    const read = bytes.length > 0 ? readAt(bytes, 0) : undefined;
    return read?.[1] === bytes.length ? read[0] : undefined;
  },
  write: (branch, dice) => {
    const { tag, bytes, parts } = branch;
    const content = parts?.map((part) => cborNotation.write(part, dice));
    const all = Buffer.concat(content ?? [bytes]);
    const count = countOf(branch, content?.length ?? 0, all.length);
    return Buffer.concat([headOf(tag, count, dice(400) === 0), all]);
  },
  otherTag: (_, dice) => dice(8),
};

function countOf(
  { tag, count }: Branch,
  parts: number,
  length: number,
): number {
  if (tag === major.bytes || tag === major.text) return length;
  if (tag === major.list) return parts;
  if (tag === major.map) return Math.floor(parts / 2);
  return Math.max(count, 0);
}

const readAt: ReadAt = (bytes, at) => {
  const head = headAt(bytes, at);
  if (!head) return undefined;
  const { tag, count, start } = head;
  if (tag === major.bytes || tag === major.text) {
    const content = bytes.subarray(start, start + count);
    const parts = tag === major.bytes ? partsInside(content) : undefined;
    return [{ ...emptyBranch(tag), bytes: content, parts }, start + count];
  }
  const branch = { ...emptyBranch(tag), count };
  if (tag < major.list || tag > major.tag) return [branch, start];
  const size = { 4: count, 5: 2 * count, 6: 1 }[tag] ?? 0;
  return partsAt(bytes, start, { ...branch, parts: [] }, size);
};

function headAt(
  bytes: Buffer,
  at: number,
): { tag: number; count: number; start: number } | undefined {
  const [first = 0xff] = bytes.subarray(at);
  const [tag, short] = [first >> 5, first & 31];
  const width = short < 24 ? 0 : 2 ** (short - 24);
  const start = at + 1 + width;
  if (width > 4 || start > bytes.length) return undefined;
  const count = width === 0 ? short : bytes.readUIntBE(at + 1, width);
  return { tag, count, start };
}

function partsInside(content: Buffer): Branch[] | undefined {
  const inner = cborNotation.read(content);
  return inner?.parts ? [inner] : undefined;
}

function partsAt(
  bytes: Buffer,
  start: number,
  ...[branch, size]: readonly [Branch & { parts: Branch[] }, number]
): ReturnType<ReadAt> {
  let end = start;
  while (branch.parts.length < size) {
    const part = readAt(bytes, end);
    if (!part) return undefined;
    branch.parts.push(part[0]);
    end = part[1];
  }
  return [branch, end];
}

function headOf(tag: number, count: number, isLong: boolean): Buffer {
  if (count < 24 && !isLong) return Buffer.from([(tag << 5) | count]);
  const power = count < 0x100 && !isLong ? 0 : count < 0x1_0000 ? 1 : 2;
  const head = Buffer.alloc(1 + 2 ** power, (tag << 5) | (24 + power));
  head.writeUIntBE(count, 1, 2 ** power);
  return head;
}
