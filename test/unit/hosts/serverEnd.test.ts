import { status } from "@grpc/grpc-js";
import { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { PartialError } from "../../../provider/mirror/lifecycle";
import { urn } from "./fakeProvider";
import { ask, configure, secret } from "./pluginClient";
import { endless, failed, initFailedIn, pluginHarness } from "./pluginHarness";

const plugin = pluginHarness();
const inputs = { source: "src:1", destination: "dst:1" };

describe("the end", () => {
  test("Cancel stops work in flight within two seconds, and may come twice", async () => {
    const { begun, work } = endless();
    await plugin.start({ apply: work });
    const outcome = failed(plugin.create(inputs));
    await begun;
    const before = Date.now();
    await Promise.all([plugin.cancel(), plugin.cancel()]);
    const error = await outcome;
    expect(Date.now() - before).toBeLessThan(2000);
    expect(error).toMatchObject({
      code: status.UNKNOWN,
      details: expect.stringContaining("cancelled"),
    });
  });

  test("Cancel stops work that does not listen, too", async () => {
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    await plugin.start({
      apply: () => {
        begin();
        return new Promise(() => undefined);
      },
    });
    const outcome = failed(plugin.create(inputs));
    await begun;
    const before = Date.now();
    await plugin.cancel();
    expect((await outcome).details).toContain("cancelled");
    expect(Date.now() - before).toBeLessThan(2000);
  });

  test("a process that is attached to again works again", async () => {
    await plugin.start();
    await plugin.cancel();
    await ask(
      plugin.client.attach.bind(plugin.client),
      new PluginAttach().setAddress(plugin.engine.address),
    );
    await ask(plugin.client.configure.bind(plugin.client), configure());
    expect((await plugin.create(inputs)).getId()).toBe("the-id");
  });

  test("customTimeouts end the work, and the error says which", async () => {
    const { work } = endless();
    await plugin.start({ apply: work });
    const error = await failed(plugin.create(inputs, false, 0.05));
    expect(error.details).toContain("customTimeouts.create of 0.05 s");
  });

  test("work done in part is saved even when it was cancelled", async () => {
    const partial = new PartialError({ id: "dst:1", state: {}, inputs }, [
      "stopped",
    ]);
    await plugin.start({
      apply: (call) =>
        new Promise((_, reject) => {
          call.reach.signal.addEventListener("abort", () => reject(partial));
        }),
    });
    const error = await failed(plugin.create(inputs, false, 0.05));
    expect(initFailedIn(error).getId()).toBe("dst:1");
  });
});

test("an answer of many megabytes goes through", async () => {
  await plugin.start({
    apply: async () => ({ id: "a", state: { text: "x".repeat(9_000_000) } }),
  });
  const response = await plugin.create({
    ...inputs,
    text: "y".repeat(9_000_000),
  });
  expect(
    response.getProperties()?.getFieldsMap().get("text")?.getStringValue()
      .length,
  ).toBe(9_000_000);
});

test("infos and warnings arrive before the answer does, at their resource and without secrets", async () => {
  await plugin.start({
    plan: async (call, desired) => {
      call.tell({ kind: "info", text: "looked at hunter2" });
      call.tell({ kind: "warning", text: "beware" });
      return desired.inputs;
    },
  });
  await plugin.create({ ...inputs, token: secret("hunter2") }, true);
  expect(plugin.engine.lines).toEqual([
    expect.objectContaining({
      severity: 1,
      message: "looked at [secret]",
      urn: urn("a"),
      ephemeral: false,
    }),
    expect.objectContaining({
      severity: 2,
      message: "beware",
      urn: urn("a"),
      ephemeral: false,
    }),
  ]);
});

test("a password of the configuration is told by nobody, the registry that it is for may be", async () => {
  const credentials = [
    { registry: "reg.example", username: "robot", password: "hunter2" },
  ];
  const lifecycle = {
    apply: async () => {
      throw new Error("reg.example refused robot:hunter2");
    },
  };
  const config = { credentials: secret(JSON.stringify(credentials)) };
  await plugin.start(lifecycle, { config });
  const { details } = await failed(plugin.create(inputs));
  expect(details).toBe("reg.example refused robot:[secret]");
});

test("what an environment variable of the configuration holds is told by nobody", async () => {
  process.env["TEST_HOSTS_TOKEN"] = "hunter2";
  try {
    const credentials = [
      { registry: "reg.example", passwordEnv: "TEST_HOSTS_TOKEN" },
    ];
    const lifecycle = {
      apply: async () => {
        throw new Error("hunter2 from TEST_HOSTS_TOKEN was refused");
      },
    };
    const config = { credentials: JSON.stringify(credentials) };
    await plugin.start(lifecycle, { config });
    const { details } = await failed(plugin.create(inputs));
    expect(details).toBe("[secret] from TEST_HOSTS_TOKEN was refused");
  } finally {
    delete process.env["TEST_HOSTS_TOKEN"];
  }
});
