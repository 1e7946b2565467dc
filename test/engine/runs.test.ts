import { readFileSync } from "node:fs";
import { errors, methods, echoStacks } from "./echoStack";

const { start, place } = echoStacks();

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
  const stateFile = place("state.json");
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
