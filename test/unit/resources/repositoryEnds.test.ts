import { MirrorError } from "../../../provider/mirror/errors";
import { Memory } from "../../../provider/resources/memory";
import { SmallStack } from "./smallStack";

async function mirrored(more: Parameters<SmallStack["up"]>[0] = {}) {
  const stack = new SmallStack();
  for (const tag of ["1.0.0", "1.1.0", "1.2.0"]) stack.source.tagged(tag);
  await stack.up(more);
  return stack;
}

/** Removes the resource in a run of its own, in which others claim tags; answers what was said. */
async function removed(
  stack: SmallStack,
  claimed: readonly string[] = [],
): Promise<string> {
  const told: string[] = [];
  stack.memory = new Memory();
  for (const tag of claimed)
    stack.memory.claim(`destination.example/app:${tag}`, "source.example/b");
  const { state = {}, inputs } = stack;
  await stack.lifecycle.remove(stack.call(told), {
    id: "destination.example/app",
    state,
    ...(inputs && { oldInputs: inputs }),
  });
  return told.join("\n");
}

test("removing the resource keeps the copies by default", async () => {
  const stack = await mirrored();
  stack.asked("destination");
  expect(await removed(stack)).toContain("kept");
  expect(stack.asked("destination")).toEqual([]);
  expect(stack.destination.named.size).toBe(3);
});

test('onDelete "untag" removes the tags that still name what was admitted, and no other', async () => {
  const stack = await mirrored({ onDelete: "untag" });
  stack.destination.tagged("1.1.0", "foreign");
  stack.destination.tagged("9.9.9", "foreign");
  stack.destination.named.delete("1.2.0");
  expect(await removed(stack)).toBe(
    "destination.example/app: tags: 1 removed, content kept; 1 already gone; 1 kept: they name what was not put there by us",
  );
  expect([...stack.destination.named.keys()].sort()).toEqual([
    "1.1.0",
    "9.9.9",
  ]);
});

test("a tag that another resource of the same run took over is not removed", async () => {
  const stack = await mirrored({ onDelete: "untag" });
  expect(await removed(stack, ["1.0.0"])).toContain(
    "2 removed, content kept; 1 kept: another resource of this run mirrors them",
  );
  expect([...stack.destination.named.keys()]).toEqual(["1.0.0"]);
});

const imported = (stack: SmallStack, id: string) =>
  stack.lifecycle.observe(stack.call(), { id });

test("an import by SOURCE,DESTINATION takes nothing over by itself; the next preview judges what the rules choose", async () => {
  const stack = await mirrored();
  const seen = await imported(
    stack,
    "source.example/app,destination.example/app",
  );
  expect(seen).toMatchObject({
    id: "destination.example/app",
    inputs: {
      source: "source.example/app",
      destination: "destination.example/app",
    },
    state: { digests: {}, verdicts: {} },
  });
  stack.state = seen?.state;
  stack.inputs = seen?.inputs;
  const rules = { tags: { mode: "semver", range: ">=1.1" } };
  const { changes } = await stack.preview(rules);
  expect(changes.map(({ path }) => path)).toContain("policy");
  stack.asked("destination");
  expect((await stack.up(rules)).error).toBeUndefined();
  expect(Object.keys(Object(stack.digests)).sort()).toEqual(["1.1.0", "1.2.0"]);
  expect(
    stack.asked("destination").filter((one) => one.startsWith("copy")),
  ).toEqual([]);
  expect((await stack.preview(rules)).changes).toEqual([]);
});

test("by DESTINATION alone, its tags are looked at: those of evidence are no tags", async () => {
  const stack = await mirrored();
  stack.destination.tagged(`sha256-${"0".repeat(64)}.sig`);
  const seen = await imported(stack, "destination.example/app");
  expect(Object.keys(Object(seen?.state.digests)).sort()).toEqual([
    "1.0.0",
    "1.1.0",
    "1.2.0",
  ]);
});

test("a destination that is not there cannot be imported", async () => {
  const stack = new SmallStack();
  stack.destination.silent = new MirrorError({
    fault: "absent",
    code: "NOT_FOUND_REPO",
    what: "could not list the tags",
    why: "there is no such repository",
    remedy: "make it",
  });
  expect(
    await imported(stack, "source.example/app,destination.example/app"),
  ).toBeUndefined();
});

test.each([
  "",
  "a,b,c",
  "source.example/app:1,destination.example/app",
  "source.example/app,destination.example/app:1",
  "not a reference,destination.example/app",
])("an import id that is none is told so: %j", async (id) => {
  await expect(imported(new SmallStack(), id)).rejects.toMatchObject({
    code: "INVALID_INPUT",
  });
});
