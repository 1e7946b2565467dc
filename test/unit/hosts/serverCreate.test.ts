import { status } from "@grpc/grpc-js";
import { MirrorError } from "../../../provider/mirror/errors";
import { PartialError, unknown } from "../../../provider/mirror/lifecycle";
import { secret, sentinel } from "./pluginClient";
import {
  failed,
  initFailedIn,
  pluginHarness,
  updateRequest,
} from "./pluginHarness";

const plugin = pluginHarness();
const inputs = { source: "src:1", destination: "dst:1" };

describe("Create and Update", () => {
  test("preview plans and gives no id; what is unknown is told as unknown", async () => {
    await plugin.start({
      plan: async () => ({ destination: "dst:1", digest: unknown }),
    });
    const response = await plugin.create(inputs, true);
    expect(plugin.fake.asked.map(([verb]) => verb)).toEqual(["plan"]);
    expect(response.getId()).toBe("");
    expect(response.getProperties()?.toJavaScript()).toEqual({
      destination: "dst:1",
      digest: sentinel,
    });
  });

  test("up applies and gives id and state", async () => {
    await plugin.start({
      apply: async () => ({ id: "dst:1", state: { digest: "sha256:1" } }),
    });
    const response = await plugin.create(inputs);
    expect(plugin.fake.asked.map(([verb]) => verb)).toEqual(["apply"]);
    expect(response.getId()).toBe("dst:1");
    expect(response.getProperties()?.toJavaScript()).toEqual({
      digest: "sha256:1",
    });
  });

  test("outputs made from a secret input, or holding its text, are secret; others are not", async () => {
    const state = {
      source: "hunter2",
      digest: "sha256:1",
      ref: "ref",
      note: "saw hunter2",
      open: "open",
    };
    await plugin.start({ apply: async () => ({ id: "dst:1", state }) });
    const response = await plugin.create({
      ...inputs,
      source: secret("hunter2"),
    });
    expect(response.getProperties()?.toJavaScript()).toEqual({
      source: secret("hunter2"),
      digest: secret("sha256:1"),
      note: secret("saw hunter2"),
      ref: "ref",
      open: "open",
    });
  });

  test("Update goes out from the old state, the old inputs and the ignored list", async () => {
    await plugin.start();
    const olds = { ...inputs, digest: "sha256:1" };
    const response = await plugin.update(
      updateRequest(olds, inputs).setIgnorechangesList(["digest"]),
    );
    expect(plugin.fake.asked).toEqual([
      [
        "apply",
        { inputs, state: olds, oldInputs: olds, ignoreChanges: ["digest"] },
      ],
    ]);
    expect(response.getProperties()?.toJavaScript()).toEqual(inputs);
  });

  test("Update in preview only plans", async () => {
    await plugin.start();
    await plugin.update(updateRequest(inputs, inputs).setPreview(true));
    expect(plugin.fake.asked.map(([verb]) => verb)).toEqual(["plan"]);
  });

  test("a refusal keeps its words, has a numeric code, and no secret", async () => {
    const refusal = new MirrorError({
      fault: "refused",
      code: "REFUSED",
      what: "verification refused",
      where: { side: "source", reference: "src:1" },
      why: "nobody signed with hunter2",
      remedy: "ask the vendor",
    });
    await plugin.start({ plan: async () => Promise.reject(refusal) });
    const error = await failed(
      plugin.create({ ...inputs, token: secret("hunter2") }, true),
    );
    expect(error.code).toBe(status.UNKNOWN);
    expect(error.details).toBe(
      "verification refused: source src:1: nobody signed with [secret]\n  ask the vendor",
    );
  });

  test("an error with a code that is no number keeps its message", async () => {
    const error = Object.assign(new Error("connect ECONNREFUSED"), {
      code: "ECONNREFUSED",
    });
    await plugin.start({ apply: async () => Promise.reject(error) });
    expect(await failed(plugin.create(inputs))).toMatchObject({
      code: status.UNKNOWN,
      details: "connect ECONNREFUSED",
    });
  });

  test("work done in part is saved: id, state, inputs with their envelopes, reasons without secrets", async () => {
    const partial = new PartialError(
      {
        id: "dst:1",
        state: { digest: "sha256:1", token: "hunter2" },
        inputs: { ...inputs, token: "hunter2" },
      },
      ["its evidence was not copied with hunter2", "run again"],
    );
    await plugin.start({ apply: async () => Promise.reject(partial) });
    const sent = { ...inputs, token: secret("hunter2") };
    for (const work of [
      plugin.create(sent),
      plugin.update(updateRequest(inputs, sent)),
    ]) {
      const detail = initFailedIn(await failed(work));
      expect(detail.getId()).toBe("dst:1");
      expect(detail.getProperties()?.toJavaScript()).toEqual({
        digest: "sha256:1",
        token: secret("hunter2"),
      });
      expect(detail.getInputs()?.toJavaScript()).toEqual(sent);
      expect(detail.getReasonsList()).toEqual([
        "its evidence was not copied with [secret]",
        "run again",
      ]);
      expect(detail.getRefreshBeforeUpdate()).toBe(true);
    }
  });
});
