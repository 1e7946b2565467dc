import { image } from "../samples/artifacts";
import { writes } from "../registry/recorder";
import { inScene, type Scene } from "./scene";
import { until } from "./until";

const size = 4 * 1024 * 1024;
const large = () => image({ seed: "large", layers: [size, size, 1000] });

/** A source so slow that there is time to interrupt. */
async function slow(scene: Scene) {
  const { digest } = await scene.publish("large", { sample: large() });
  scene.app();
  scene.source.misbehave({
    method: "GET",
    path: /blobs/,
    times: 1000,
    action: { throttle: 512 * 1024 },
  });
  return digest;
}

const firstUpload = ({ destination }: Scene) =>
  until(() =>
    writes(destination.requests).some(({ kind }) => kind === "upload"),
  );

test("sentence 8, G17: Ctrl-C stops within two seconds, leaves no upload and no tag, and the next up finishes the rest", () =>
  inScene({}, async (scene) => {
    const digest = await slow(scene);
    const up = scene.engine.up();
    await firstUpload(scene);
    const from = Date.now();
    await scene.engine.cancel();
    const report = await up;
    expect(Date.now() - from).toBeLessThan(2000);
    expect(report.exitCode).toBe(1);
    expect(scene.destination.openUploads()).toEqual([]);
    expect(scene.destination.tag("mirror/app", "1")).toBeUndefined();
    scene.source.behave();
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
  }));

test("G2, G3: a plugin that is killed leaves nothing visible, and the next up copies only what is missing", () =>
  inScene({}, async (scene) => {
    const { digest } = await scene.publish("large", { sample: large() });
    scene.app();
    scene.destination.misbehave({
      method: "PUT",
      path: /manifests\/sha256:/,
      times: 1,
      action: { stall: true },
    });
    const up = scene.engine.up();
    await until(() =>
      scene.destination.requests.some(({ misbehaved }) => misbehaved),
    );
    scene.engine.kill("artifact-mirror");
    expect((await up).exitCode).toBe(1);
    expect(scene.destination.tag("mirror/app", "1")).toBeUndefined();
    scene.destination.behave();
    scene.destination.resetRequests();
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
    const uploaded = writes(scene.destination.requests).reduce(
      (sum, { requestBytes }) => sum + requestBytes,
      0,
    );
    expect(uploaded).toBeLessThan(size);
  }));

test("sentence 9: a copy that takes more than a second shows blobs and bytes done, at most four lines a second, none kept", () =>
  inScene({}, async (scene) => {
    await slow(scene);
    scene.source.behave();
    scene.source.misbehave({
      method: "GET",
      path: /blobs/,
      times: 1000,
      action: { throttle: 2 * 1024 * 1024 },
    });
    const from = Date.now();
    const report = await scene.engine.up();
    const seconds = (Date.now() - from) / 1000;
    expect(report.exitCode).toBe(0);
    const lines = report.diagnostics.filter(({ message }) =>
      message.includes("copied"),
    );
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.length).toBeLessThanOrEqual(4 * seconds + 1);
    expect(
      lines.every(({ ephemeral, urn }) => ephemeral && urn.endsWith("::app")),
    ).toBe(true);
    expect(lines.at(-1)?.message).toMatch(
      /copied \d of 6 blobs, [\d.]+ MiB of 8\.0 MiB/,
    );
    expect(report.text).not.toContain("copied");
  }));

test("sentence 9: a copy that is done at once shows no progress", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    scene.app();
    const report = await scene.engine.up();
    expect(report.diagnostics.filter(({ ephemeral }) => ephemeral)).toEqual([]);
  }));
