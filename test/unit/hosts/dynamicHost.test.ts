import { declaredName } from "../../../provider/hosts/declared";
import { PartialError } from "../../../provider/mirror/lifecycle";
import { inputs, start, text } from "./dynamicHarness";

describe("its configuration", () => {
  test("is the stack's, under the package's name", async () => {
    const { configured, opened } = start();
    await configured({
      "artifact-mirror:registries": '[{"host":"r"}]',
      "project:registries": "no",
    });
    expect(opened).toEqual([{ registries: [{ host: "r" }] }]);
  });

  test("is there for a call that comes while it is being made", async () => {
    const { host } = start();
    const configuring = host.configure({ config: { get: () => undefined } });
    const checked = host.check({}, inputs);
    expect(await checked).toMatchObject({ failures: [] });
    await configuring;
  });

  test("if it cannot be used, no later call goes on without it", async () => {
    const { host, configured } = start();
    await expect(
      configured({ "artifact-mirror:registries": "bad" }),
    ).rejects.toThrow("artifact-mirror:registries: must be a list");
    await expect(host.create(inputs)).rejects.toThrow("must be a list");
  });

  test("a word that nobody knows is refused", async () => {
    const { configured } = start();
    await expect(
      configured({ "artifact-mirror:surprise": "1", "other:surprise": "2" }),
    ).rejects.toThrow("artifact-mirror:surprise: is not known here");
  });

  test("without one nothing is done", async () => {
    await expect(start().host.create(inputs)).rejects.toThrow("configured");
  });
});

describe("state", () => {
  test("remembers what was declared by short digests, so that a diff needs no copy of a policy", async () => {
    const { configured } = start({
      apply: async () => ({ id: "dst:1", state: { digest: "sha256:1" } }),
      pending: ({ oldInputs, inputs: now }) =>
        Object.keys({ ...oldInputs, ...now })
          .filter((name) => oldInputs?.[name] !== now[name])
          .map((path) => ({ path, kind: "update", inputDiff: true })),
    });
    const host = await configured();
    const { outs } = await host.create({
      ...inputs,
      onDelete: "untag",
      ...text,
    });
    expect(JSON.stringify(outs)).not.toContain("signedBy");
    const olds = { ...outs, ...text };
    const same = await host.diff("dst:1", olds, {
      ...inputs,
      onDelete: "untag",
    });
    expect(same.changes).toBe(false);
    const other = await host.diff("dst:1", olds, {
      ...inputs,
      onDelete: "untag",
      policy: {},
    });
    expect(other.changes).toBe(true);
    const less = await host.diff("dst:1", olds, inputs);
    expect(less.changes).toBe(true);
  });

  test("a changed destination replaces, and deletes nothing before", async () => {
    const { configured } = start({
      pending: () => [
        { path: "digest", kind: "update", inputDiff: false },
        { path: "destination", kind: "update-replace", inputDiff: false },
      ],
    });
    expect(await (await configured()).diff("dst:1", inputs, inputs)).toEqual({
      changes: true,
      replaces: ["destination"],
      deleteBeforeReplace: false,
    });
  });

  test("a refresh keeps what was declared, and answers no inputs", async () => {
    const { configured } = start({
      observe: async () => ({
        id: "dst:1",
        inputs: {},
        state: { digest: "sha256:2" },
      }),
    });
    const declared = { policy: "0123" };
    const seen = await (
      await configured()
    ).read("dst:1", { digest: "sha256:1", [declaredName]: declared });
    expect(seen).toEqual({
      id: "dst:1",
      props: { digest: "sha256:2", [declaredName]: declared },
    });
  });

  test("what is proven absent has an empty id", async () => {
    const { configured } = start({ observe: async () => undefined });
    expect(await (await configured()).read("dst:1", inputs)).toMatchObject({
      id: "",
    });
  });

  test("work done in part is saved", async () => {
    const partial = new PartialError(
      { id: "dst:1", state: { digest: "d" }, inputs },
      ["evidence is missing"],
    );
    const { configured } = start({
      apply: async () => Promise.reject(partial),
    });
    await expect((await configured()).create(inputs)).rejects.toMatchObject({
      id: "dst:1",
      properties: { digest: "d" },
      reasons: ["evidence is missing"],
    });
  });
});

test("neither an error, nor its stack, nor a printed line holds a password", async () => {
  const { configured, printed } = start({
    apply: async (call) => {
      call.tell({ kind: "warning", text: "hunter2" });
      call.tell({ kind: "progress", text: "1 of 2" });
      throw new Error("hunter2 was refused", { cause: new Error("hunter2") });
    },
  });
  const host = await configured({
    "artifact-mirror:credentials":
      '[{"registry":"r","username":"u","password":"hunter2"}]',
  });
  const error = await host.create(inputs).catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ message: "[secret] was refused" });
  expect(
    `${String(Object(error).stack)} ${JSON.stringify(error)}`,
  ).not.toContain("hunter2");
  expect(printed).toEqual(["warning: [secret]"]);
});

describe("a function", () => {
  test("is answered, and what it tells is printed", async () => {
    const { configured, printed } = start();
    const host = await configured();
    expect(await host.ask({ said: "hello" })).toEqual({ said: "hello" });
    expect(printed).toEqual(["warning: asked"]);
  });

  test("that was asked wrongly says where", async () => {
    const host = await start().configured();
    await expect(host.ask({ fails: "yes" })).rejects.toThrow("fails: not so");
  });
});
