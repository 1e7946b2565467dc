import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { PartialError } from "../../../provider/mirror/lifecycle";
import { token, urn } from "./fakeProvider";
import { ask, secret, struct } from "./pluginClient";
import {
  failed,
  initFailedIn,
  pluginHarness,
  readRequest,
  updateRequest,
} from "./pluginHarness";

const plugin = pluginHarness();
const inputs = { source: "src:1", destination: "dst:1" };

describe("Read and Delete", () => {
  test("an import comes with an id alone, and so does .get with empty maps", async () => {
    await plugin.start();
    await plugin.read(readRequest("src:1,dst:1"));
    await plugin.read(
      readRequest("src:1,dst:1")
        .setProperties(struct({}))
        .setInputs(struct({})),
    );
    expect(plugin.fake.asked).toEqual([
      ["observe", { id: "src:1,dst:1" }],
      ["observe", { id: "src:1,dst:1" }],
    ]);
  });

  test("what is proven absent has an empty id", async () => {
    await plugin.start({ observe: async () => undefined });
    expect(
      (
        await plugin.read(readRequest("dst:1").setInputs(struct(inputs)))
      ).getId(),
    ).toBe("");
  });

  test("inputs keep their envelopes, and what was secret in state stays secret", async () => {
    await plugin.start({
      observe: async () => ({
        id: "dst:1",
        inputs: { ...inputs, digest: "sha256:1" },
        state: { digest: "sha256:2", ref: "r" },
      }),
    });
    const request = readRequest("dst:1")
      .setInputs(struct({ ...inputs, destination: secret("dst:1") }))
      .setProperties(struct({ digest: secret("sha256:1") }));
    const response = await plugin.read(request);
    expect(response.getInputs()?.toJavaScript()).toEqual({
      ...inputs,
      destination: secret("dst:1"),
      digest: "sha256:1",
    });
    expect(response.getProperties()?.toJavaScript()).toEqual({
      digest: secret("sha256:2"),
      ref: secret("r"),
    });
  });

  test("Read may find that work is to be resumed", async () => {
    const partial = new PartialError(
      { id: "dst:1", state: { digest: "d" }, inputs },
      ["stale"],
    );
    await plugin.start({ observe: async () => Promise.reject(partial) });
    const error = await failed(
      plugin.read(
        readRequest("dst:1")
          .setInputs(struct(inputs))
          .setProperties(struct({ digest: "d" })),
      ),
    );
    expect(initFailedIn(error).getReasonsList()).toEqual(["stale"]);
  });

  test("Delete hands on id, state and old inputs", async () => {
    await plugin.start();
    const request = new rpc.DeleteRequest()
      .setId("dst:1")
      .setUrn(urn("a"))
      .setType(token)
      .setProperties(struct({ digest: "d" }))
      .setOldInputs(struct(inputs));
    await ask(plugin.client.delete.bind(plugin.client), request);
    expect(plugin.fake.asked).toEqual([
      ["remove", { id: "dst:1", state: { digest: "d" }, oldInputs: inputs }],
    ]);
  });
});

describe("the refresh flag", () => {
  test.each([
    ["is set on every answer", {}, true],
    [
      "is off where the configuration says so",
      { config: { refreshBeforeUpdate: "false" } },
      false,
    ],
    [
      "is off where the engine does not know it",
      { engineRefreshes: false },
      false,
    ],
  ])("%s", async (_, options, expected) => {
    await plugin.start({}, options);
    const answers = [
      await plugin.create(inputs, true),
      await plugin.create(inputs),
      await plugin.update(updateRequest(inputs, inputs)),
      await plugin.read(
        readRequest("dst:1")
          .setInputs(struct(inputs))
          .setProperties(struct(inputs)),
      ),
    ];
    expect(answers.map((answer) => answer.getRefreshBeforeUpdate())).toEqual(
      answers.map(() => expected),
    );
  });
});
