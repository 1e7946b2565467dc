import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { ask, type Json, secret, struct } from "./pluginClient";
import { failed, pluginHarness } from "./pluginHarness";

const plugin = pluginHarness();

function invoke(args: Json): Promise<rpc.InvokeResponse> {
  const request = new rpc.InvokeRequest()
    .setTok("artifact-mirror:index:echo")
    .setArgs(struct(args));
  return ask(plugin.client.invoke.bind(plugin.client), request);
}

const returned = async (args: Json) =>
  (await invoke(args)).getReturn()?.toJavaScript();

describe("Invoke", () => {
  test("answers what the function answers, and leaves out what is absent", async () => {
    await plugin.start();
    expect(await returned({ said: "hello" })).toEqual({ said: "hello" });
  });

  test("the whole answer is secret where an argument is, and what is told holds no secret", async () => {
    await plugin.start();
    expect(await returned({ said: secret("hunter2") })).toEqual({
      said: secret("hunter2"),
    });
    const [line] = plugin.engine.lines;
    expect(line).toMatchObject({ message: "heard [secret]", urn: "" });
  });

  test("what is wrong with an argument comes back at its property", async () => {
    await plugin.start();
    const answer = await invoke({ fails: "not so" });
    expect(answer.getFailuresList().map((one) => one.toObject())).toEqual([
      { property: "said", reason: "not so" },
    ]);
  });

  test("what is wrong inside an argument comes back at its place, which the SDKs print behind it", async () => {
    await plugin.start();
    const answer = await invoke({ fails: "not so", at: "said.by[0]" });
    expect(answer.getFailuresList().map((one) => one.toObject())).toEqual([
      { property: "said.by[0]", reason: "not so" },
    ]);
  });

  test("a failure keeps its words, without a secret", async () => {
    await plugin.start();
    const error = await failed(
      invoke({ said: secret("hunter2"), throws: "refused by hunter2" }),
    );
    expect(error.details).toBe("refused by [secret]");
  });
});
