import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundleExecutable } from "./bundle";
import { Engine, type EngineOptions } from "./engine";
import type { Report } from "./report";

const prelude = `const pulumi = require("@pulumi/pulumi");
const thing = (name, inputs, options) => new pulumi.CustomResource("echo:index:Thing", name, { made: undefined, ...inputs }, options);
`;

let folder = "";
let plugin = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "engine-"));
  const entry = join(__dirname, "echoPlugin.ts");
  plugin = bundleExecutable(entry, folder, "pulumi-resource-echo");
  const scope = join(folder, "node_modules", "@pulumi");
  mkdirSync(scope, { recursive: true });
  symlinkSync(resolve("node_modules/@pulumi/pulumi"), join(scope, "pulumi"));
  writeFileSync(join(folder, "package.json"), '{"name":"project"}');
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A stack of one program in the small engine; `write` replaces the program. */
function start(
  program: string,
  options: Partial<EngineOptions> = {},
): { engine: Engine; write: (program: string) => void } {
  const main = `program-${Math.random().toString(36).slice(2)}.js`;
  const write = (text: string): void =>
    writeFileSync(join(folder, main), prelude + text);
  write(program);
  const plugins = { echo: plugin };
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "cache") };
  const engine = new Engine({
    projectDir: folder,
    main,
    plugins,
    env,
    ...options,
  });
  return { engine, write };
}

const methods = ({ calls }: Report, name: string): readonly string[] =>
  calls
    .filter(({ request }) => request["name"] === name)
    .map(({ method }) => method);

const errors = ({ diagnostics }: Report): readonly string[] =>
  diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message);

test("a new resource is a change, and nothing is one afterwards", async () => {
  const { engine } = start(
    `thing("a", { size: 1 }, { customTimeouts: { create: "90s" } });`,
  );
  const preview = await engine.preview({ expectNoChanges: true });
  expect(preview).toMatchObject({ exitCode: 7, state: { resources: [] } });
  const up = await engine.up();
  expect(up.exitCode).toBe(0);
  const create = up.calls.find(({ method }) => method === "Create");
  expect(create?.request).toMatchObject({ timeout: 90, preview: false });
  expect(await engine.preview({ expectNoChanges: true })).toMatchObject({
    exitCode: 0,
  });
});

test("a secret is in no state file in clear, and comes back for the next run", async () => {
  const stateFile = join(folder, "state.json");
  const { engine } = start(
    `const a = thing("a", { token: pulumi.secret("hunter2"), deep: { list: [pulumi.secret("hunter3")] } });
     exports.token = a.token; exports.name = "n";`,
    {
      stateFile,
      config: { "echo:key": "hunter4" },
      secretConfig: ["echo:key"],
    },
  );
  const up = await engine.up();
  expect(up.outputs).toEqual({ token: "[secret]", name: "n" });
  expect(
    JSON.stringify(up.state) + up.text + readFileSync(stateFile, "utf8"),
  ).not.toContain("hunter");
  const again = await engine.up();
  const check = again.calls.find(({ method }) => method === "Check");
  expect(JSON.stringify(check?.request["olds"])).toContain("hunter3");
  const configure = again.calls.find(({ method }) => method === "Configure");
  expect(configure?.request["variables"]).toEqual({
    "echo:config:key": "hunter4",
  });
  expect(again.exitCode).toBe(0);
});

test("the value of a property that Check names is printed, as the real engine does", async () => {
  const { engine } = start(`thing("a", { bad: pulumi.secret("hunter2") });`);
  const [error] = errors(await engine.preview());
  expect(error).toBe(
    "echo:index:Thing resource 'a': property bad value {&{{hunter2}}} has a problem: not this",
  );
});

test("only targets are touched", async () => {
  const { engine, write } = start(
    `thing("a", { size: 1 }); thing("b", { size: 1 });`,
  );
  await engine.up();
  write(`thing("a", { size: 2 }); thing("b", { size: 2 });`);
  const up = await engine.up({ targets: ["b"] });
  expect(methods(up, "a")).toEqual([]);
  expect(methods(up, "b")).toContain("Update");
  expect(engine.resource("a")?.inputs).toEqual({ size: 1 });
});

test("a run that does anything but its plan fails", async () => {
  const { engine, write } = start(`thing("a", { size: 1 });`);
  const { plan } = await engine.preview();
  write(`thing("a", { size: 2 });`);
  const up = await engine.up({ plan });
  expect(up.exitCode).toBe(1);
  expect(errors(up).join()).toMatch(
    /violates plan: properties changed: ~~size\[\{1\}!=\{2\}\]/,
  );
  expect(methods(up, "a")).toEqual(["Check"]);
  write(`thing("a", { size: 1 });`);
  expect(await engine.up({ plan })).toMatchObject({ exitCode: 0 });
});

test("a plugin that is killed in Create leaves nothing behind, and the next run creates", async () => {
  let deaths = 1;
  const { engine } = start(`thing("a", { size: 1 });`, {
    onCall: ({ method, kill }) => {
      if (method === "Create" && deaths-- > 0) kill();
    },
  });
  const up = await engine.up();
  expect(up.exitCode).toBe(1);
  expect(up.state.pendingOperations).toEqual([]);
  expect(engine.resource("a")).toBeUndefined();
  expect(await engine.up()).toMatchObject({ exitCode: 0 });
});

test("a cancel reaches the provider, and the run ends", async () => {
  const { engine } = start(
    `thing("a", { hang: true }); thing("b", { hang: true });`,
    {
      onCall: ({ method }) => {
        if (method === "Create") setTimeout(() => void engine.cancel(), 10);
      },
    },
  );
  const up = await engine.up();
  expect(up.exitCode).toBe(1);
  expect(errors(up)).toContain("cancelled by the user");
  expect(up.state.pendingOperations).toEqual([]);
});

test("an engine that is abandoned keeps what was pending, says so, and a refresh clears it", async () => {
  const { engine, write } = start(`thing("a", { hang: true });`, {
    onCall: ({ method, request }) => {
      if (method === "Create" && JSON.stringify(request).includes("hang"))
        setTimeout(() => engine.abandon(), 10);
    },
  });
  const up = await engine.up();
  expect(up.exitCode).toBe(8);
  expect(up.state.pendingOperations).toMatchObject([{ operation: "creating" }]);
  write(`thing("a", { size: 1 });`);
  const next = await engine.up();
  expect(next).toMatchObject({ exitCode: 0 });
  expect(next.text).toContain("1 pending operations from previous deployment");
  const { state } = await engine.refresh();
  expect(state.pendingOperations).toEqual([]);
});

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
