import { MirrorError } from "../../../provider/mirror/errors";
import { SmallStack } from "./smallStack";

const unreachable = new MirrorError({
  fault: "unreachable",
  code: "NETWORK",
  what: "could not ask",
  why: "nobody answers",
  remedy: "wait",
});

/** A stack whose two tags are mirrored. */
async function mirrored(
  more: Parameters<SmallStack["up"]>[0] = {},
): Promise<SmallStack> {
  const stack = new SmallStack();
  for (const tag of ["1.0.0", "1.1.0"]) stack.source.tagged(tag);
  const { failures, error } = await stack.up(more);
  expect([failures, error]).toEqual([[], undefined]);
  stack.asked("source");
  stack.asked("destination");
  return stack;
}

const paths = ({ changes }: Awaited<ReturnType<SmallStack["preview"]>>) =>
  changes.map(({ kind, path }) => `${kind} ${path}`);

test("what nobody touched costs one list a side, and is no change", async () => {
  const stack = await mirrored();
  expect(await stack.preview()).toEqual({
    changes: [],
    failures: [],
    told: [],
  });
  expect(stack.asked("source")).toEqual(["list"]);
  expect(stack.asked("destination")).toEqual(["list"]);
});

test("Check asks nobody", async () => {
  const stack = await mirrored();
  await stack.refresh();
  stack.asked("source");
  stack.asked("destination");
  const { inputs = {} } = stack;
  await stack.lifecycle.check(stack.call(), { olds: inputs, news: inputs });
  expect(stack.asked("source")).toEqual([]);
  expect(stack.asked("destination")).toEqual([]);
});

test("a new tag is asked for once, in Read, and not again by the plan", async () => {
  const stack = await mirrored();
  stack.source.tagged("1.2.0");
  expect(paths(await stack.preview())).toEqual(['add digests["1.2.0"]']);
  const heads = stack.asked("source").filter((one) => one === "resolve 1.2.0");
  expect(heads).toHaveLength(1);
});

test("tags that are gone from the destination leave the state, and come again", async () => {
  const stack = await mirrored();
  stack.destination.named.delete("1.0.0");
  await stack.refresh();
  expect(stack.digests).not.toHaveProperty(["1.0.0"]);
  const { error } = await stack.up();
  expect(error).toBeUndefined();
  expect(stack.destination.named.has("1.0.0")).toBe(true);
  expect((await stack.preview()).changes).toEqual([]);
});

test("a list that lacks a tag which is there does not prove it gone", async () => {
  const stack = await mirrored();
  const { destination } = stack;
  const { digests } = stack;
  destination.tags = async () => ["1.1.0"];
  await stack.refresh();
  expect(stack.digests).toEqual(digests);
});

test.each(["source", "destination"] as const)(
  "a silent %s leaves state and inputs as they are, with one warning",
  async (side) => {
    const stack = await mirrored();
    const { state, inputs } = stack;
    stack[side].silent = unreachable;
    const told = await stack.refresh();
    expect(stack.state).toEqual(state);
    expect(stack.inputs).toMatchObject({ ...inputs });
    expect(told).toHaveLength(1);
    expect((await stack.preview()).changes).toEqual([]);
  },
);

test("a source that falls silent midway is asked no further", async () => {
  const stack = await mirrored();
  for (let index = 0; index < 100; index++) stack.source.tagged(`2.0.${index}`);
  stack.source.resolve = async () => {
    stack.source.log.push("resolve");
    throw unreachable;
  };
  expect(await stack.refresh()).toHaveLength(1);
  expect(stack.asked("source").length).toBeLessThan(40);
});

test("rules that change choose anew at once, without a request in Check", async () => {
  const stack = await mirrored({ tags: { mode: "highest" } });
  expect(Object.keys(Object(stack.digests))).toEqual(["1.1.0"]);
  const { error, changes } = await stack.up({ tags: { mode: "semver" } });
  expect(error).toBeUndefined();
  expect(changes.map(({ path }) => path)).toContain("tags.mode");
  expect(Object.keys(Object(stack.digests)).sort()).toEqual(["1.0.0", "1.1.0"]);
  expect((await stack.preview({ tags: { mode: "semver" } })).changes).toEqual(
    [],
  );
});

test("tags that are to follow from now on do so in the very run that says it", async () => {
  const stack = await mirrored();
  const moved = stack.source.tagged("1.0.0", "moved");
  expect((await stack.preview()).changes).toEqual([]);
  const { error } = await stack.up({ replaceTag: "verified" });
  expect(error).toBeUndefined();
  expect(stack.destination.named.get("1.0.0")).toBe(moved);
  const again = await stack.preview({ replaceTag: "verified" });
  expect(again.changes).toEqual([]);
});

test("frozen digests stay, whatever comes or moves", async () => {
  const verified = { replaceTag: "verified" };
  const stack = await mirrored(verified);
  await stack.up(verified);
  const { digests } = stack;
  stack.source.tagged("1.0.0", "moved");
  stack.source.tagged("1.2.0");
  const frozen = await stack.up(verified, ["digests"]);
  expect(frozen).toMatchObject({ changes: [], failures: [] });
  const other = { ...verified, onDelete: "untag" };
  expect((await stack.up(other, ["digests"])).error).toBeUndefined();
  expect(stack.digests).toEqual(digests);
});

test("a tag that names something else at the destination is left alone, and is no change afterwards", async () => {
  const stack = new SmallStack();
  for (const tag of ["1.0.0", "1.1.0"]) stack.source.tagged(tag);
  const foreign = stack.destination.tagged("1.0.0", "foreign");
  expect((await stack.up()).error).toBeUndefined();
  expect(Object.keys(Object(stack.digests))).toEqual(["1.1.0"]);
  expect((await stack.preview()).changes).toEqual([]);
  expect(stack.destination.named.get("1.0.0")).toBe(foreign);
});

test("a verdict that ran out is named, and made again", async () => {
  const reverify = { reverify: "24h" };
  const stack = await mirrored(reverify);
  expect((await stack.preview(reverify)).changes).toEqual([]);
  stack.now = new Date("2026-11-23T00:00:00Z");
  expect(paths(await stack.preview(reverify))).toEqual([
    'update pending["1.0.0"]',
    'update pending["1.1.0"]',
  ]);
  expect((await stack.up(reverify)).error).toBeUndefined();
  expect((await stack.preview(reverify)).changes).toEqual([]);
});

test("evidence.watch root: evidence that comes later is seen", async () => {
  const watch = { evidence: { watch: "root" } };
  const stack = await mirrored(watch);
  expect((await stack.preview(watch)).changes).toEqual([]);
  const digest = stack.source.named.get("1.0.0") ?? "";
  const artifact = stack.source.tagged("late");
  const found = await stack.source.resolve(artifact);
  if (!found) throw new Error("it was put");
  stack.source.named.delete("late");
  stack.source.claims.set(digest, [{ ...found, artifactType: "x/y" }]);
  expect(paths(await stack.preview(watch))).toEqual([
    'update pending["1.0.0"]',
  ]);
});

test("a stack of ten thousand tags is looked at, checked and compared in seconds", async () => {
  const stack = new SmallStack();
  const digest = stack.source.tagged("0.0.1");
  const tags = Array.from({ length: 10_000 }, (_, index) => `1.0.${index}`);
  for (const side of [stack.source, stack.destination])
    for (const tag of tags) side.tagged(tag, "the same");
  const same = stack.source.named.get("1.0.0") ?? digest;
  const verdict = {
    outcome: "unverified",
    digest: same,
    verifiedAt: "2026-11-21T00:00:00Z",
  };
  await stack.up({ tags: { mode: "list", list: ["1.0.0"] } });
  stack.state = {
    ...stack.state,
    digests: Object.fromEntries(tags.map((tag) => [tag, same])),
    verdicts: Object.fromEntries(tags.map((tag) => [tag, verdict])),
  };
  stack.inputs = { ...stack.inputs, tags: { mode: "semver", range: ">=1" } };
  const from = performance.now();
  const run = await stack.preview({ tags: { mode: "semver", range: ">=1" } });
  expect(run).toMatchObject({ changes: [], failures: [] });
  expect(performance.now() - from).toBeLessThan(20_000);
}, 60_000);
