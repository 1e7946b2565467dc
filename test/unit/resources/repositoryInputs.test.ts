import { unknown, type Values } from "../../../provider/mirror/lifecycle";
import { check } from "../../../provider/resources/mirroredRepository/check";
import { args, SmallStack } from "./smallStack";

const checked = (stack: SmallStack, more: Values) =>
  stack.lifecycle.check(stack.call(), { news: { ...args, ...more } });

test.each<[Values, string]>([
  [{ source: "source.example/app:1" }, "source"],
  [{ source: "UPPER/case" }, "source"],
  [
    { destination: `destination.example/app@sha256:${"0".repeat(64)}` },
    "destination",
  ],
  [{ destination: "source.example/app" }, "destination"],
  [{ tags: { mode: "newest" } }, "tags.mode"],
  [{ tags: { mode: "semver", range: "beyond" } }, "tags.range"],
  [{ tags: { mode: "all", pattern: "(" } }, "tags.pattern"],
  [{ tags: { mode: "list" } }, "tags.list"],
  [
    { tags: { mode: "all", minAge: { duration: "soon", by: "created" } } },
    "tags.minAge.duration",
  ],
  [
    { tags: { mode: "all", minAge: { duration: "3d", by: "signature" } } },
    "tags.minAge.by",
  ],
  [{ rename: { pattern: "(", to: "x" } }, "rename.pattern"],
  [{ rename: { pattern: "x", to: "$1" } }, "rename.to"],
  [{ digests: { "1.0.0": "sha256:short" } }, 'digests["1.0.0"]'],
  [{ digests: { "no tag": `sha256:${"0".repeat(64)}` } }, 'digests["no tag"]'],
  [{ platforms: ["linux"] }, "platforms[0]"],
  [{ evidence: { repositories: ["::"] } }, "evidence.repositories[0]"],
  [{ evidence: { watch: "all" } }, "evidence.watch"],
  [{ policy: {} }, "policy"],
  [{ policy: { use: "nobody" } }, "policy.use"],
  [{ prune: "untag", tags: { mode: "higher" } }, "prune"],
  [{ maxPrune: 0 }, "maxPrune"],
  [{ onRefused: "shrug" }, "onRefused"],
  [{ onDelete: "delete" }, "onDelete"],
  [{ reverify: "soon" }, "reverify"],
])("bad input is told at its property: %j", async (more, property) => {
  const { failures } = await checked(new SmallStack(), more);
  expect(failures.map((one) => one.property)).toContain(property);
});

test("inputs that are right, and new, are completed by nothing", async () => {
  const answer = await checked(new SmallStack(), {});
  expect(answer).toEqual({ inputs: {}, failures: [] });
});

test.each(["source", "destination", "tags", "policy", "rename", "digests"])(
  "an input that is not known yet is no failure: %s",
  async (name) => {
    const { failures } = await checked(new SmallStack(), { [name]: unknown });
    expect(failures).toEqual([]);
  },
);

test("without a look in this process, what was wanted before stays", async () => {
  const stack = new SmallStack();
  const digests = { "1.0.0": `sha256:${"1".repeat(64)}` };
  const { inputs } = await stack.lifecycle.check(stack.call(), {
    olds: { ...args, digests },
    news: args,
  });
  expect(inputs).toEqual({ digests });
});

test("but not what was wanted of another source", async () => {
  const stack = new SmallStack();
  const digests = { "1.0.0": `sha256:${"1".repeat(64)}` };
  const { inputs } = await stack.lifecycle.check(stack.call(), {
    olds: { ...args, source: "source.example/other", digests },
    news: args,
  });
  expect(inputs).toEqual({});
});

test("one tag of a destination from two sources is a failure that names it; from one source it is none", async () => {
  const stack = new SmallStack();
  const digests = { "1.0.0": `sha256:${"1".repeat(64)}` };
  await checked(stack, { digests });
  expect((await checked(stack, { digests })).failures).toEqual([]);
  const { failures } = await checked(stack, {
    source: "source.example/other",
    digests,
  });
  expect(failures).toMatchObject([{ property: "destination" }]);
  expect(failures[0]?.reason).toContain("1.0.0 (from source.example/app)");
});

test("a shared policy below the provider's floor is refused", async () => {
  const stack = new SmallStack();
  const world = { ...stack.world, allowUnverified: false };
  const { failures } = await check(world, stack.call(), { news: args });
  expect(failures).toMatchObject([{ property: "policy.unverified" }]);
});

test("a source that is gone is a failure for what is mirrored, where that is wished", async () => {
  const stack = new SmallStack();
  stack.source.tagged("1.0.0");
  const wish = { onSourceUnavailable: "error" };
  expect((await stack.up(wish)).failures).toEqual([]);
  stack.source.silent = new Error("nobody answers");
  const { failures } = await stack.preview(wish);
  expect(failures).toMatchObject([{ property: "source" }]);
  expect(failures[0]?.reason).toContain("nobody answers");
});

test.each<[Values, string]>([
  [{ maxPrune: 0 }, "must be at least 1"],
  [{ tags: { mode: "semver", newest: 0 } }, "must be at least 1"],
  [{ tags: { mode: "list", list: [] } }, "is an empty list: name at least one"],
  [{ tags: { mode: "all", pattern: "" } }, "is empty"],
])("%j is told in words of ours: %s", async (more, reason) => {
  const { failures } = await checked(new SmallStack(), more);
  expect(failures.map((one) => one.reason)).toEqual([reason]);
});
