import { errors, methods, echoStacks } from "./echoStack";
import type { Report } from "./report";

const { start } = echoStacks();

test("what was made in part is kept, and mended by the next run", async () => {
  const { engine, write } = start(
    `thing("a", { partial: true, unread: true });`,
  );
  const up = await engine.up();
  expect(up.exitCode).toBe(1);
  expect(errors(up)).toEqual(["1 error occurred:\n\t* half done"]);
  expect(engine.resource("a")).toMatchObject({
    id: "a-id",
    initErrors: ["half done"],
  });
  write(`thing("a", { unread: true });`);
  const mended = await engine.up();
  expect(methods(mended, "a")).toContain("Update");
  expect(engine.resource("a")?.initErrors).toBeUndefined();
});

test("a half-done update keeps the old inputs", async () => {
  const { engine, write } = start(`thing("a", { size: 1, unread: true });`);
  await engine.up();
  write(`thing("a", { size: 2, unread: true, partial: true });`);
  expect(await engine.up()).toMatchObject({ exitCode: 1 });
  expect(engine.resource("a")).toMatchObject({
    inputs: { size: 1 },
    outputs: { size: 2 },
  });
});

test("a replacement is checked without olds, made, and the original deleted last", async () => {
  const { engine, write } = start(`thing("a", { place: "here" });`);
  await engine.up();
  write(`thing("a", { place: "there" });`);
  const up = await engine.up();
  const asked = methods(up, "a");
  expect(asked).toEqual([
    "Read",
    "Diff",
    "Check",
    "Diff",
    "Check",
    "Create",
    "Delete",
  ]);
  const second = up.calls.filter(({ method }) => method === "Check")[1];
  expect(second?.request["olds"]).toEqual({});
  expect(up.steps.map(({ op }) => op)).toEqual([
    "refresh",
    "same",
    "replace",
    "delete-replaced",
  ]);
});

test("an alias finds the resource under its former name", async () => {
  const { engine, write } = start(`thing("a", { size: 1 });`);
  await engine.up();
  write(`thing("b", { size: 1 }, { aliases: [{ name: "a" }] });`);
  const up = await engine.up({ expectNoChanges: true });
  expect(up.exitCode).toBe(0);
  expect(engine.resource("a")).toBeUndefined();
  expect(engine.resource("b")?.id).toBe("a-id");
});

test("a protected resource is not deleted", async () => {
  const { engine, write } = start(
    `thing("a", { size: 1 }, { protect: true });`,
  );
  await engine.up();
  write("");
  const up = await engine.up();
  expect(up.exitCode).toBe(1);
  expect(errors(up).join()).toContain("cannot be deleted");
  expect(methods(up, "a")).not.toContain("Delete");
});

test("dependents are deleted before what they depend on", async () => {
  const { engine } = start(
    `const a = thing("a", {}); const b = thing("b", {}, { dependsOn: [a] }); thing("c", {}, { dependsOn: [b] });`,
  );
  await engine.up();
  const { calls, state } = await engine.destroy();
  const deleted = calls.filter(({ method }) => method === "Delete");
  expect(deleted.map(({ request }) => request["name"])).toEqual([
    "c",
    "b",
    "a",
  ]);
  expect(state).toEqual({
    providers: {},
    resources: [],
    pendingOperations: [],
  });
});

test("a resource of a package without a plugin is simulated: unknown in the first preview, known in up", async () => {
  const { engine } = start(
    `const repository = new pulumi.CustomResource("aws:ecr/repository:Repository", "repo", { name: "mirror", repositoryUrl: undefined });
     thing("a", { place: pulumi.interpolate\`\${repository.repositoryUrl}:1\` });`,
    {
      foreign: {
        resources: {
          "aws:ecr/repository:Repository": ({ name }) => ({
            repositoryUrl: `ecr.test/${String(name)}`,
          }),
        },
      },
    },
  );
  const placed = (report: Report): unknown =>
    report.calls.find(({ method }) => method === "Check")?.request["news"];
  expect(placed(await engine.preview())).toEqual({
    place: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  });
  expect(placed(await engine.up())).toEqual({ place: "ecr.test/mirror:1" });
});

test("a dynamic resource is served by Pulumi's own dynamic provider", async () => {
  const { engine, write } = start(
    `const provider = {
       check: async (olds, news) => ({ inputs: { ...news, digest: "d" + news.size } }),
       diff: async (id, olds, news) => ({ changes: olds.digest !== news.digest }),
       create: async (inputs) => ({ id: "dynamic-id", outs: { ...inputs, made: true } }),
       update: async (id, olds, news) => ({ outs: { ...news, made: true } }),
     };
     class Dynamic extends pulumi.dynamic.Resource { constructor(name, props) { super(provider, name, { made: undefined, ...props }); } }
     const a = new Dynamic("a", { size: 1 }); exports.made = a.made;`,
  );
  const preview = await engine.preview();
  expect(preview.text).not.toContain("error");
  expect(preview).toMatchObject({
    exitCode: 0,
    outputs: { made: "[unknown]" },
  });
  expect(await engine.up()).toMatchObject({
    exitCode: 0,
    outputs: { made: true },
  });
  expect(await engine.preview({ expectNoChanges: true })).toMatchObject({
    exitCode: 0,
  });
  write(`thing("b", {});`);
  expect(await engine.up()).toMatchObject({ exitCode: 0 });
});

test("a program that throws fails the run, and nothing is deleted for it", async () => {
  const { engine, write } = start(`thing("a", { size: 1 });`);
  await engine.up();
  write(`throw new Error("no luck");`);
  const up = await engine.up();
  expect(up.exitCode).toBe(1);
  expect(up.text).toContain("no luck");
  expect(methods(up, "a")).not.toContain("Delete");
  expect(engine.resource("a")).toBeDefined();
});

test("an explicit provider instead of the default one replaces the resource", async () => {
  const { engine, write } = start(`thing("a", { size: 1 });`);
  await engine.up();
  write(
    `const provider = new pulumi.ProviderResource("echo", "mine", { key: "k" });
     thing("a", { size: 1 }, { provider });`,
  );
  const preview = await engine.preview();
  expect(preview.steps).toContainEqual(
    expect.objectContaining({ op: "replace" }),
  );
});
