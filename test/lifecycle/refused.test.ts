import { writes } from "../registry/recorder";
import { keySigner } from "../samples/signers";
import { inScene, type Scene } from "./scene";

async function mirrored(scene: Scene, more: Parameters<Scene["app"]>[0] = {}) {
  const { digest } = await scene.publish("one");
  scene.app(more);
  expect((await scene.engine.up()).exitCode).toBe(0);
  return digest;
}

/** Preview and up both fail, nothing is written, and state keeps what it had. */
async function refusedTwice(scene: Scene, expected: string | RegExp) {
  const before = scene.engine.resource("app")?.outputs;
  const tag = scene.destination.tag("mirror/app", "1");
  scene.source.resetRequests();
  scene.destination.resetRequests();
  const preview = await scene.engine.preview();
  const up = await scene.engine.up();
  expect([preview.exitCode, up.exitCode]).toEqual([1, 1]);
  for (const { text } of [preview, up]) expect(text).toMatch(expected);
  expect(writes(scene.source.requests)).toEqual([]);
  expect(writes(scene.destination.requests)).toEqual([]);
  expect(scene.destination.tag("mirror/app", "1")).toBe(tag);
  expect(scene.engine.resource("app")?.outputs).toEqual(before);
  return preview;
}

test("sentence 5: an unsigned new digest fails preview and up; the message names artifact, requirement and remedy", () =>
  inScene({}, async (scene) => {
    await mirrored(scene);
    const { digest } = await scene.publish("two", { signed: false });
    const { text } = await refusedTwice(scene, "refused by policy");
    expect(text).toContain(
      `source ${scene.from}@${digest}: signedBy NO_EVIDENCE`,
    );
    expect(text).toContain("ask the publisher to sign this digest");
  }));

test("sentence 5: a wrongly signed one shows what was looked at, who signed it, and why it was refused", () =>
  inScene({}, async (scene) => {
    await mirrored(scene);
    await scene.publish("two", { signer: keySigner() });
    await refusedTwice(
      scene,
      /- \S+ sha256:[0-9a-f]{64}.*signedBy\[0\]\.key: .*\(SIGNATURE_INVALID\)/,
    );
  }));

test.each([
  ["the referrers listing fails", /referrers\//, 451],
  ["a cosign tag cannot be asked for", /\.att$/, 403],
])(
  "sentence 5: evidence that could not be listed fails both: %s",
  (_, path, status) =>
    inScene({}, async (scene) => {
      await mirrored(scene);
      await scene.publish("two");
      scene.source.misbehave({ path, times: 1000, action: { status } });
      await refusedTwice(scene, `HTTP ${status}`);
    }),
);

test("sentence 5: a new artifact that is refused fails, whatever onRefused says", () =>
  inScene({}, async (scene) => {
    await scene.publish("one", { signed: false });
    scene.app({ onRefused: "keep" });
    await refusedTwice(scene, "NO_EVIDENCE");
    expect(scene.engine.resource("app")).toBeUndefined();
  }));

test("sentence 5: onRefused keep leaves an existing one at its admitted digest, with a warning and exit 0", () =>
  inScene({}, async (scene) => {
    const digest = await mirrored(scene, { onRefused: "keep" });
    await scene.publish("two", { signed: false });
    scene.destination.resetRequests();
    for (const report of [
      await scene.engine.preview(),
      await scene.engine.up(),
    ]) {
      expect(report.exitCode).toBe(0);
      const warning = report.diagnostics.find(
        ({ severity, message }) =>
          severity === "warning" && message.includes("kept at"),
      );
      expect(warning?.message).toContain(
        `kept at ${digest} (onRefused: "keep"): refused by policy`,
      );
      expect(report.outputs.appDigest).toBe(digest);
    }
    expect(writes(scene.destination.requests)).toEqual([]);
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
  }));

describe("sentence 5: a source that is down", () => {
  const two = (scene: Scene, more: object = {}) =>
    scene.declare(
      Object.fromEntries(
        ["one", "two"].map((name) => [
          name,
          {
            args: {
              source: scene.from,
              destination: `${scene.destination.host}/mirror/${name}:1`,
              policy: scene.policy,
              ...more,
            },
          },
        ]),
      ),
    );

  test("warns once a host for what is admitted and complete, and blocks nothing", () =>
    inScene({}, async (scene) => {
      await scene.publish("one");
      two(scene);
      expect((await scene.engine.up()).exitCode).toBe(0);
      await scene.source.close();
      for (const report of [
        await scene.engine.preview({ expectNoChanges: true }),
        await scene.engine.up(),
      ]) {
        expect(report.exitCode).toBe(0);
        const warnings = report.diagnostics.filter(
          ({ severity, message }) =>
            severity === "warning" && message.includes(scene.source.host),
        );
        expect(warnings).toHaveLength(1);
      }
    }));

  test("is an error where the resource says so", () =>
    inScene({}, async (scene) => {
      await scene.publish("one");
      two(scene, { onSourceUnavailable: "error" });
      expect((await scene.engine.up()).exitCode).toBe(0);
      await scene.source.close();
      const preview = await scene.engine.preview();
      expect(preview.exitCode).toBe(1);
      expect(preview.text).toContain("onSourceUnavailable");
    }));

  test("is an error for a new artifact", () =>
    inScene({}, async (scene) => {
      scene.app();
      await scene.source.close();
      expect((await scene.engine.preview()).exitCode).toBe(1);
    }));

  test("does not keep destroy from working", () =>
    inScene({}, async (scene) => {
      await scene.publish("one");
      two(scene);
      await scene.engine.up();
      await scene.source.close();
      expect((await scene.engine.destroy()).exitCode).toBe(0);
    }));
});
