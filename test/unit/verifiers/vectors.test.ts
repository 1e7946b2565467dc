import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  judgeVector,
  type Vector,
  type VectorFile,
} from "../../verification/vector";

const folder = join(__dirname, "../../verification/vectors");

/** Nothing but the date is another one. */
const others = [
  "nextTick",
  "performance",
  "queueMicrotask",
  "setImmediate",
  "setInterval",
  "setTimeout",
] as const;

/** The committed vectors, made by test/verification/main.ts. */
function everyVector(): readonly (readonly [VectorFile, Vector])[] {
  return readdirSync(folder).flatMap((name) => {
    const file: VectorFile = JSON.parse(
      readFileSync(join(folder, name), "utf8"),
    );
    return file.vectors.map((vector) => [file, vector] as const);
  });
}

afterEach(() => jest.useRealTimers());

test.each([
  ["today", new Date()],
  ["in 2046", new Date("2046-01-01T00:00:00Z")],
])("every committed vector is judged as expected, %s", async (_, today) => {
  jest.useFakeTimers({ now: today, doNotFake: [...others] });
  const vectors = everyVector();
  const differing: string[] = [];
  for (const [file, vector] of vectors) {
    const { outcome, code } = await judgeVector(file, vector);
    const { expected, name } = vector;
    if (outcome === expected.outcome && code === expected.code) continue;
    differing.push(`${name}: ${outcome} ${code}, not ${expected.code}`);
  }
  const right = vectors.length - differing.length;
  process.stdout.write(`vectors: ${right} of ${vectors.length} as expected\n`);
  expect(differing).toEqual([]);
  expect(vectors.length).toBeGreaterThan(90);
});
