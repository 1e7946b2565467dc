import { Memory } from "../../../provider/resources/memory";
import { SmallStack } from "../resources/smallStack";

const keyless = {
  issuer: "https://accounts.example",
  identity: "me@acme.example",
};
const strict = { signedBy: [{ keyless }] };
const follow = { replaceTag: "verified" };

/** A stack whose two tags are mirrored. */
async function mirrored(more: Parameters<SmallStack["up"]>[0] = {}) {
  const stack = new SmallStack();
  for (const tag of ["1.0.0", "1.1.0"]) stack.source.tagged(tag);
  const { failures, error } = await stack.up(more);
  expect([failures, error]).toEqual([[], undefined]);
  return stack;
}

/** What somebody else puts under a mirrored tag at the destination. */
const overwrite = ({ destination }: SmallStack, tag = "1.0.0") =>
  destination.tagged(tag, "somebody else's");

const there = ({ destination }: SmallStack, tag = "1.0.0") =>
  destination.named.get(tag);

test("what a new policy refused and onRefused kept is refused by every later run: it never counts as judged by that policy", async () => {
  const stack = await mirrored();
  const kept = { policy: strict, onRefused: "keep" };
  const { told, error } = await stack.up(kept);
  expect(error).toBeUndefined();
  expect(told.join("\n")).toContain("2 of 2 tags are refused");
  const again = await stack.up({ ...kept, onDelete: "untag" });
  expect(again.told.join("\n")).toContain("2 of 2 tags are refused");
  expect(Object.keys(Object(stack.state?.refused))).toHaveLength(2);
  const failing = await stack.preview({ policy: strict });
  expect(String(failing.error)).toContain("2 refused by the policy");
});

test("a tag that was no task while the policy changed is judged by the next run", async () => {
  const wide = { tags: { mode: "all" }, prune: "untag" };
  const stack = await mirrored(wide);
  const narrow = {
    tags: { mode: "semver", range: ">=1.1" },
    prune: "untag",
    policy: { unverified: "another reason" },
  };
  const list = stack.source.tags.bind(stack.source);
  let asked = 0;
  stack.source.tags = () => (++asked > 1 ? Promise.resolve([]) : list());
  await stack.up(narrow);
  expect(there(stack)).toBeDefined();
  expect(Object(stack.state?.pending)).toHaveProperty(["1.0.0"]);
});

test("the outputs never name what somebody else put under a mirrored tag, also where the policy lets nothing take its place", async () => {
  const stack = await mirrored(follow);
  const { digests } = stack;
  const foreign = overwrite(stack);
  await stack.up({ ...follow, policy: strict, onRefused: "keep" });
  expect(there(stack)).toBe(foreign);
  expect(stack.digests).toEqual(digests);
});

test("frozen digests put back what was let in, and take over nothing that somebody else put there", async () => {
  const stack = await mirrored(follow);
  const { digests } = stack;
  overwrite(stack);
  const { error } = await stack.up(follow, ["digests"]);
  expect(error).toBeUndefined();
  expect(stack.digests).toEqual(digests);
  expect(there(stack)).toBe(Object(digests)["1.0.0"]);
});

test("pruning spares what somebody else put under a mirrored tag, and the preview says so", async () => {
  const stack = await mirrored(follow);
  const foreign = overwrite(stack);
  const narrow = {
    ...follow,
    tags: { mode: "semver", range: ">=1.1" },
    prune: "untag",
  };
  const { told } = await stack.preview(narrow);
  expect(told.join("\n")).toMatch(/not pruned.*1\.0\.0: it names sha256/);
  expect(told.join("\n")).not.toContain("to prune");
  expect((await stack.up(narrow)).error).toBeUndefined();
  expect(there(stack)).toBe(foreign);
  expect(Object.keys(Object(stack.digests))).toEqual(["1.1.0"]);
  expect((await stack.preview(narrow)).changes).toEqual([]);
});

test("a cooldown does not keep what came in before from being put back", async () => {
  const minAge = { duration: "72h", by: "firstSeen", onNew: "admit" };
  const rules = { ...follow, tags: { mode: "all", minAge } };
  const stack = await mirrored(rules);
  const { digests } = stack;
  overwrite(stack);
  expect((await stack.up(rules)).error).toBeUndefined();
  expect(there(stack)).toBe(Object(digests)["1.0.0"]);
  overwrite(stack);
  stack.source.tagged("1.0.0", "moved");
  expect((await stack.up(rules)).error).toBeUndefined();
  expect(there(stack)).toBe(Object(digests)["1.0.0"]);
  expect(stack.digests).toEqual(digests);
});

test("a cooldown holds for what somebody has put at the destination already, too", async () => {
  const minAge = { duration: "72h", by: "created" };
  const rules = { ...follow, tags: { mode: "all", minAge } };
  const stack = new SmallStack();
  const dated = (side: "source" | "destination", created: string) =>
    stack[side].document(
      {
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        config: stack[side].blob("{}", "application/vnd.oci.empty.v1+json"),
        layers: [],
        annotations: { "org.opencontainers.image.created": created },
      },
      "1.0.0",
    ).digest;
  const old = dated("source", "2026-01-01T00:00:00Z");
  expect((await stack.up(rules)).error).toBeUndefined();
  const young = dated("source", "2026-11-20T23:00:00Z");
  dated("destination", "2026-11-20T23:00:00Z");
  await stack.up(rules);
  expect(Object(stack.digests)["1.0.0"]).toBe(old);
  expect(Object(stack.state?.verdicts)["1.0.0"].digest).toBe(old);
  await stack.up(rules);
  expect(there(stack)).toBe(old);
  stack.now = new Date("2026-11-24T00:00:00Z");
  await stack.up(rules);
  expect(there(stack)).toBe(young);
});

test("what comes from another source is judged again, though its digest is the same", async () => {
  const stack = await mirrored();
  stack.asked("source");
  const { told, error } = await stack.up({ source: "source.example/other" });
  expect(error).toBeUndefined();
  expect(told.join("\n")).toContain("2 judged again");
});

test("a tag that a destination's list leaves out, and that is there, stays in state without a look, too", async () => {
  const more = { prune: "untag" };
  const stack = await mirrored(more);
  const { digests, inputs, state } = stack;
  stack.destination.tags = async () => ["1.1.0"];
  stack.source.named.delete("1.0.0");
  stack.source.tags = async () => [];
  stack.memory = new Memory();
  const { state: after } = await stack.lifecycle.apply(stack.call(), {
    inputs: { ...inputs, digests: undefined, onDelete: "untag" },
    ignoreChanges: [],
    ...(inputs && { oldInputs: inputs }),
    ...(state && { state }),
  });
  expect(after.digests).toEqual(digests);
});

test("of two source tags that would have one name, a mirrored tag follows neither", async () => {
  const rename = { pattern: "v(.*)", to: "$1" };
  const rules = { ...follow, rename };
  const stack = new SmallStack();
  const old = stack.source.tagged("v1.0.0");
  await stack.up(rules);
  stack.source.tagged("1.0.0", "another with its name");
  stack.source.tagged("v1.0.0", "moved");
  await stack.up(rules);
  expect(there(stack)).toBe(old);
  expect(stack.digests).toEqual({ "1.0.0": old });
});
