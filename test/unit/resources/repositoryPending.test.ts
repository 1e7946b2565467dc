import type { Values } from "../../../provider/mirror/lifecycle";
import { SmallStack } from "./smallStack";

async function mirrored(more: Values = {}): Promise<SmallStack> {
  const stack = new SmallStack();
  for (const tag of ["1.0.0", "1.1.0"]) stack.source.tagged(tag);
  expect((await stack.up(more)).error).toBeUndefined();
  return stack;
}

const paths = ({ changes }: Awaited<ReturnType<SmallStack["preview"]>>) =>
  changes.map(({ kind, path }) => `${kind} ${path}`);

test("Read completes the inputs with what is mirrored, so that it can be frozen from the first day", async () => {
  const stack = await mirrored();
  expect(stack.inputs).not.toHaveProperty("digests");
  await stack.refresh();
  expect(stack.inputs?.digests).toEqual(stack.digests);
});

test.each<[string, Values, string]>([
  ["another policy", { policyDigest: "sha256:other" }, "update policyDigest"],
  ["code that was mended", { verifierEpoch: 1 }, "update verifierEpoch"],
  ["verdicts that are missing", { verdicts: {} }, "update verdicts"],
])("%s: everything is judged again", async (_, remembered, expected) => {
  const stack = await mirrored();
  stack.state = { ...stack.state, ...remembered };
  expect(paths(await stack.preview())).toEqual([expected]);
  expect((await stack.up()).error).toBeUndefined();
  expect((await stack.preview()).changes).toEqual([]);
});

test("a tag that somebody moved to what the source names now is judged, though nothing is to be copied", async () => {
  const verified = { replaceTag: "verified" };
  const stack = await mirrored(verified);
  for (const side of [stack.source, stack.destination])
    side.tagged("1.0.0", "moved");
  expect(paths(await stack.preview(verified))).toEqual(["update verdicts"]);
  expect((await stack.up(verified)).error).toBeUndefined();
  expect((await stack.preview(verified)).changes).toEqual([]);
});

test("a new tag that the destination has already is judged and adopted", async () => {
  const stack = await mirrored();
  for (const side of [stack.source, stack.destination]) side.tagged("1.2.0");
  expect(paths(await stack.preview())).toEqual(['add digests["1.2.0"]']);
  stack.asked("destination");
  expect((await stack.up()).error).toBeUndefined();
  const copied = stack
    .asked("destination")
    .filter((one) => one.startsWith("copy"));
  expect(copied).toEqual([]);
  expect((await stack.preview()).changes).toEqual([]);
});

test("a list of one's own is never taken for what the source lists", async () => {
  const list = { tags: { mode: "list", list: ["1.0.0"] } };
  const stack = await mirrored(list);
  expect((await stack.preview(list)).changes).toEqual([]);
  expect((await stack.up({ tags: { mode: "semver" } })).error).toBeUndefined();
  expect(Object.keys(Object(stack.digests)).sort()).toEqual(["1.0.0", "1.1.0"]);
});

test("mode higher asks nobody about tags while the destination is silent", async () => {
  const higher = { tags: { mode: "higher", whenEmpty: "all" } };
  const stack = await mirrored(higher);
  stack.source.tagged("1.2.0");
  stack.destination.silent = new Error("nobody answers");
  stack.asked("source");
  const { changes } = await stack.preview(higher);
  expect(changes).toEqual([]);
  expect(stack.asked("source")).toEqual(["list"]);
});

test("another destination replaces", async () => {
  const stack = await mirrored();
  const other = { destination: "destination.example/other" };
  expect(paths(await stack.preview(other))).toContain(
    "update-replace destination",
  );
});

test("many verdicts that ran out are one change, and not thousands", async () => {
  const stack = new SmallStack();
  for (let index = 0; index < 30; index++) stack.source.tagged(`1.0.${index}`);
  const reverify = { reverify: "24h" };
  await stack.up(reverify);
  stack.now = new Date("2026-11-23T00:00:00Z");
  expect(paths(await stack.preview(reverify))).toEqual(["update pending"]);
});
