import { declaredName } from "../../../provider/hosts/declared";
import { DynamicHost } from "../../../provider/hosts/dynamicHost";
import { MirrorError } from "../../../provider/mirror/errors";
import {
  type Lifecycle,
  PartialError,
  unknown,
  type Values,
} from "../../../provider/mirror/lifecycle";
import { sentinel } from "./pluginClient";

const inputs = {
  source: "src:1",
  destination: "dst:1",
  policy: { signedBy: [{ key: "k" }] },
  digest: "sha256:1",
};
const text = { __provider: "exports.handler = …" };

const refusal = new MirrorError({
  fault: "refused",
  code: "REFUSED",
  what: "verification refused",
  why: "nobody signed",
  remedy: "ask the vendor",
});

const quiet: Lifecycle = {
  check: async () => ({ inputs: {}, failures: [] }),
  plan: async (_, desired) => desired.inputs,
  pending: () => [],
  apply: async (_, desired) => ({ id: "dst:1", state: desired.inputs }),
  observe: async (_, { id, state }) => ({ id, inputs: {}, state: state ?? {} }),
  remove: async () => undefined,
};

interface Started {
  readonly host: DynamicHost;
  readonly printed: string[];
  readonly opened: Values[];
  readonly planned: Values[];
  configured(config?: Record<string, string>): Promise<DynamicHost>;
}

function start(lifecycle: Partial<Lifecycle> = {}): Started {
  const printed: string[] = [];
  const opened: Values[] = [];
  const planned: Values[] = [];
  const life: Lifecycle = { ...quiet, ...lifecycle };
  const host = new DynamicHost({
    configNames: ["registries", "credentials"],
    check: ({ registries }) =>
      registries === "bad"
        ? [{ property: "registries", reason: "must be a list" }]
        : [],
    open(config) {
      opened.push(config);
      return {
        lifecycle: {
          ...life,
          plan: (call, desired) => {
            planned.push(desired.inputs);
            return life.plan(call, desired);
          },
        },
        send: () => Promise.reject(new Error("nobody may send")),
      };
    },
    print: (line) => printed.push(line),
  });
  const configured = async (config: Record<string, string> = {}) => {
    await host.configure({ config: { get: (key) => config[key] } });
    return host;
  };
  return { host, printed, opened, planned, configured };
}

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

  test("without one nothing is done", async () => {
    await expect(start().host.create(inputs)).rejects.toThrow("configured");
  });
});

describe("check", () => {
  test("judges what is new, because Create is not called in preview", async () => {
    const { configured, planned } = start({
      plan: async () => Promise.reject(refusal),
    });
    const host = await configured();
    const { failures } = await host.check({}, { ...inputs, ...text });
    expect(planned).toEqual([inputs]);
    expect(failures).toEqual([{ property: "", reason: refusal.message }]);
  });

  test.each([
    ["the digest", { digest: "sha256:2" }],
    ["the policy", { policy: {} }],
    ["the source", { source: "src:2" }],
  ])("judges again when %s changed", async (_, change) => {
    const { configured, planned } = start();
    await (
      await configured()
    ).check({ ...inputs, ...text }, { ...inputs, ...change });
    expect(planned).toEqual([{ ...inputs, ...change }]);
  });

  test("judges nothing when nothing of it changed", async () => {
    const { configured, planned } = start();
    await (
      await configured()
    ).check({ ...inputs, ...text }, { ...inputs, onDelete: "untag" });
    expect(planned).toEqual([]);
  });

  test("fills what the lifecycle adds, and keeps everything else", async () => {
    const { digest: _, ...news } = inputs;
    const { configured } = start({
      check: async () => ({ inputs: { digest: "sha256:9" }, failures: [] }),
    });
    const { inputs: checked } = await (
      await configured()
    ).check({}, { ...news, destination: sentinel });
    expect(checked).toEqual({
      ...news,
      destination: sentinel,
      digest: "sha256:9",
    });
  });

  test("hands unknown values on as such", async () => {
    const { configured, planned } = start();
    await (await configured()).check({}, { ...inputs, destination: sentinel });
    expect(planned).toEqual([{ ...inputs, destination: unknown }]);
  });

  test('onRefused: "keep" holds what is mirrored at its digest, and says so', async () => {
    const { configured, printed } = start({
      plan: async () => Promise.reject(refusal),
    });
    const host = await configured();
    const news = { ...inputs, digest: "sha256:2", onRefused: "keep" };
    const { inputs: checked, failures } = await host.check(
      { ...inputs, onRefused: "keep" },
      news,
    );
    expect(failures).toEqual([]);
    expect(checked).toEqual({ ...news, digest: "sha256:1" });
    expect(printed).toEqual([
      expect.stringContaining("warning: kept at sha256:1"),
    ]);
  });

  test('onRefused: "keep" lets nothing new in', async () => {
    const { configured } = start({ plan: async () => Promise.reject(refusal) });
    const { failures } = await (
      await configured()
    ).check({}, { ...inputs, onRefused: "keep" });
    expect(failures).toHaveLength(1);
  });

  test("a failure at a bare name names it in the reason, because Pulumi prints the value", async () => {
    const { configured } = start({
      check: async () => ({
        inputs: {},
        failures: [
          { property: "source", reason: "is bad" },
          { property: "policy.signedBy[0].key", reason: "is bad" },
        ],
      }),
    });
    const { failures } = await (await configured()).check({}, inputs);
    expect(failures).toEqual([
      { property: "", reason: "source: is bad" },
      { property: "policy.signedBy[0].key", reason: "is bad" },
    ]);
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
