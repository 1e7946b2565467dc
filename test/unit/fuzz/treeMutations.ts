import { cborNotation } from "./cborTree";
import { derNotation } from "./derTree";
import { inBytes, oneOf, type Dice, type Mutation } from "./fuzzing";
import { emptyBranch, type Branch, type Notation } from "./tree";

/** Changes one value of a DER document, however deep, also inside octet and bit strings; now and then its lengths or its bytes alone. */
export const inDer: Mutation = (document, dice) =>
  inTree(document, dice, derNotation);

/** The same for CBOR, also inside byte strings. */
export const inCbor: Mutation = (document, dice) =>
  inTree(document, dice, cborNotation);

function inTree(document: Buffer, dice: Dice, notation: Notation): Buffer {
  const root = notation.read(document);
  if (!root || dice(12) === 0) return inBytes(document, dice);
  const holder: Branch = { ...emptyBranch(0), parts: [root] };
  const holders = holdersIn(holder);
  mutate(oneOf(holders, dice), { holders, notation }, dice);
  const written = holder.parts?.map((part) => notation.write(part, dice));
  return Buffer.concat(written ?? []);
}

interface Surroundings {
  readonly holders: readonly Branch[];
  readonly notation: Notation;
}

function mutate(
  { parts = [] }: Branch,
  { holders, notation }: Surroundings,
  dice: Dice,
): void {
  const at = dice(parts.length);
  const part = parts[at];
  if (!part) return;
  const elsewhere = oneOf(holders, dice).parts ?? [];
  const moves: readonly (() => void)[] = [
    () => parts.splice(at, 1),
    () => parts.splice(at, 0, copyOf(part)),
    () => parts.splice(at, 1, copyOf(oneOf([part, ...elsewhere], dice))),
    () => parts.reverse(),
    () => (part.tag = notation.otherTag(part.tag, dice)),
    () => (part.parts = undefined),
    () => (part.count += oneOf([1, -1, 1000], dice)),
    () => bend(part, dice),
    () => bend(part, dice),
    () => bend(part, dice),
  ];
  oneOf(moves, dice)();
}

/** Other bytes in a value that has no parts; one of them anywhere below where it has. */
function bend(part: Branch, dice: Dice): void {
  const leaves = leavesIn(part);
  if (leaves.length === 0) return;
  const leaf = oneOf(leaves, dice);
  leaf.bytes = dice(6) === 0 ? Buffer.alloc(0) : inBytes(leaf.bytes, dice);
}

function leavesIn(branch: Branch): readonly Branch[] {
  return branch.parts ? branch.parts.flatMap(leavesIn) : [branch];
}

function holdersIn(branch: Branch): readonly Branch[] {
  const below = branch.parts?.flatMap(holdersIn) ?? [];
  return branch.parts && branch.parts.length > 0 ? [branch, ...below] : below;
}

function copyOf(branch: Branch): Branch {
  const { tag, count, bytes, before, parts } = branch;
  return { tag, count, bytes, before, parts: parts?.map(copyOf) };
}
