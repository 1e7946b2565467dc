import type { Report } from "../engine/report";
import { image } from "../samples/artifacts";
import { inScene, type Scene } from "./scene";
import { until } from "./until";
import { canary } from "./witness";

const told = ({ diagnostics }: Report, text: string) =>
  diagnostics.filter(({ message }) => message.includes(text));

test("a resource that waits for a registry says so on its own row, and nothing of it is kept", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    scene.app();
    scene.destination.misbehave({
      method: "POST",
      path: /uploads/,
      action: { status: 429, headers: { "retry-after": "2" } },
    });
    const report = await scene.engine.up();
    expect(report.exitCode).toBe(0);
    const lines = told(report, "waiting");
    expect(lines).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(
          new RegExp(
            `^waiting [23] s for ${scene.destination.host} \\(HTTP 429`,
          ),
        ),
        ephemeral: true,
        urn: expect.stringMatching(/::app$/),
      }),
    ]);
    expect(report.text).not.toContain("waiting");
  }));

test("W145: what a registry warns of is a warning of the resource, once a run", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    scene.app();
    scene.source.misbehave({
      path: /acme/,
      times: Infinity,
      action: { rewriteHeader: { warning: '299 - "this name goes away"' } },
    });
    const report = await scene.engine.up();
    expect(report.exitCode).toBe(0);
    expect(told(report, "goes away")).toEqual([
      expect.objectContaining({
        severity: "warning",
        message: `${scene.source.host} warns: this name goes away`,
        ephemeral: false,
        urn: expect.stringMatching(/::app$/),
      }),
    ]);
  }));

/** Two artifacts, one after the other, of a source that grants only so many more requests from the first one's layer on. */
async function scarce(scene: Scene, minRemaining: number): Promise<Report> {
  const [one, two] = ["one", "two"].map((seed) => image({ seed }));
  if (!one || !two) throw new Error("two were made");
  await scene.publish("one", { tag: "one", sample: one });
  await scene.publish("two", { tag: "two", sample: two });
  const { layers } = JSON.parse(one.bytes.toString());
  scene.source.misbehave({
    path: new RegExp(layers[0].digest),
    times: Infinity,
    action: {
      rewriteHeader: {
        "ratelimit-limit": "100;w=21600",
        "ratelimit-remaining": "5;w=21600",
      },
    },
  });
  const { source, destination, policy } = scene;
  const artifact = (name: string, options = {}) => ({
    args: {
      source: `${source.host}/acme/app:${name}`,
      destination: `${destination.host}/mirror/app:${name}`,
      policy,
    },
    options: { provider: true, ...options },
  });
  scene.declare(
    { one: artifact("one"), two: artifact("two") },
    {
      registries: [
        { host: source.host, plainHttp: true, minRemaining },
        { host: destination.host, plainHttp: true },
      ],
      credentials: [source, destination].map(({ host }) => ({
        registry: host,
        username: "mirror",
        password: { $secret: canary },
      })),
    },
  );
  return scene.engine.up();
}

test("minRemaining: what is begun is finished, and the next artifact is not begun", () =>
  inScene({ engine: { parallel: 1 } }, async (scene) => {
    const report = await scarce(scene, 5);
    expect(report.exitCode).toBe(1);
    expect(report.text).toContain(
      `${scene.source.host} grants 5 more requests until`,
    );
    expect(report.text).toContain("`minRemaining` keeps 5 of them");
    expect(scene.destination.tag("mirror/app", "one")).toBeDefined();
    expect(scene.destination.tag("mirror/app", "two")).toBeUndefined();
  }));

test("W141: without it both are copied, and the limit is warned of once", () =>
  inScene({ engine: { parallel: 1 } }, async (scene) => {
    const report = await scarce(scene, 0);
    expect(report.exitCode).toBe(0);
    expect(told(report, "grants 5 more of 100 requests per 6 h")).toHaveLength(
      1,
    );
  }));

test("G9: customTimeouts name the host that did not answer", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    scene.app({}, { customTimeouts: { create: "2s" } });
    scene.destination.misbehave({
      method: "POST",
      path: /uploads/,
      times: Infinity,
      action: { stall: true },
    });
    const report = await scene.engine.up();
    expect(report.exitCode).toBe(1);
    expect(report.text).toContain(
      `customTimeouts.create of 2 s is over, while waiting for ${scene.destination.host}`,
    );
  }));

describe("§1.8: a destination that says once that an artifact is gone", () => {
  const looks = (scene: Scene) =>
    scene.destination.requests.filter(
      ({ kind, method, path }) =>
        kind === "manifest" && method === "GET" && path.endsWith("/1"),
    );

  test("is asked again two seconds later, and its state is kept if it was wrong", () =>
    inScene({}, async (scene) => {
      await scene.publish("one");
      scene.app();
      await scene.engine.up();
      for (const method of ["HEAD", "GET"])
        scene.destination.misbehave({
          method,
          path: /manifests\/1$/,
          action: {
            status: 404,
            headers: { "content-type": "application/json" },
            body: '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}',
          },
        });
      const preview = await scene.engine.preview({ expectNoChanges: true });
      expect(preview.exitCode).toBe(0);
    }));

  test("is believed when it says so twice", () =>
    inScene({}, async (scene) => {
      await scene.publish("one");
      scene.app();
      await scene.engine.up();
      scene.destination.deleteTag("mirror/app", "1");
      scene.destination.resetRequests();
      const preview = scene.engine.preview();
      await until(() => looks(scene).length > 1);
      const [first, second] = looks(scene);
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1900);
      expect((await preview).steps.map(({ op }) => op)).toContain("create");
    }));
});
