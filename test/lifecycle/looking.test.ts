import { writes } from "../registry/recorder";
import { multiArch } from "../samples/artifacts";
import { attachReferrer } from "../samples/attach";
import { sbomArtifact } from "../samples/otherArtifacts";
import { inScene, type AskedFunction, type Scene } from "./scene";
import { canary } from "./witness";

/** Declares nothing but questions. */
const askAll = (
  scene: Scene,
  functions: Readonly<Record<string, AskedFunction>>,
): void => scene.declare({}, undefined, functions);

test("a program looks before it declares: what a reference is, what is said about it, what else there is", () =>
  inScene({}, async (scene) => {
    const { from: source, policy } = scene;
    const sample = multiArch();
    const { digest } = await scene.publish("one", { sample });
    await attachReferrer(scene.vendor, sbomArtifact(sample.descriptor));
    const registry = scene.source.host;
    askAll(scene, {
      artifact: { function: "getArtifact", args: { source }, direct: true },
      evidence: { function: "getReferrers", args: { source, policy } },
      catalog: { function: "getCatalog", args: { registry, types: true } },
    });
    for (const report of [
      await scene.engine.preview(),
      await scene.engine.up(),
    ]) {
      expect(report.text).not.toContain("error");
      expect(report.exitCode).toBe(0);
      expect(report.outputs).toMatchObject({
        artifactAnswer: {
          digest,
          kind: "index",
          platforms: ["linux/amd64", "linux/arm64/v8"],
        },
        evidenceAnswer: {
          outcome: "verified",
          referrers: expect.arrayContaining([
            expect.objectContaining({
              kind: "signature",
              proven: [expect.objectContaining({ keyId: scene.signer.keyId })],
            }),
            expect.objectContaining({ kind: "sbom", proven: [] }),
          ]),
          tree: expect.stringContaining("proven: signed by key sha256:"),
        },
        catalogAnswer: {
          way: "distribution",
          complete: true,
          repositories: [
            { name: "acme/app", reference: `${registry}/acme/app`, tag: "1" },
          ],
        },
      });
    }
    expect(writes(scene.source.requests)).toEqual([]);
    expect(scene.destination.requests).toEqual([]);
  }));

test("the output forms wait for what preview does not know", () =>
  inScene(
    {
      engine: {
        foreign: {
          resources: { "foreign:index:Thing": () => ({ result: "there" }) },
        },
      },
    },
    async (scene) => {
      await scene.publish("one");
      const source = { $unknown: scene.from };
      const registry = { $unknown: scene.source.host };
      askAll(scene, {
        artifact: { function: "getArtifact", args: { source } },
        evidence: { function: "getReferrers", args: { source } },
        catalog: { function: "getCatalog", args: { registry } },
      });
      const preview = await scene.engine.preview();
      expect(preview.exitCode).toBe(0);
      expect(preview.outputs).toEqual({
        artifactAnswer: "[unknown]",
        evidenceAnswer: "[unknown]",
        catalogAnswer: "[unknown]",
      });
      const up = await scene.engine.up();
      expect(up.exitCode).toBe(0);
      expect(up.outputs.artifactAnswer).toMatchObject({ kind: "image" });
    },
  ));

test.each<[string, AskedFunction["args"], RegExp]>([
  ["getArtifact", { source: "reg.example/acme/app" }, /source/],
  ["getReferrers", { source: "reg.example/acme/app:1", policy: {} }, /policy/],
  [
    "getCatalog",
    { registry: "acme" },
    /begin with the registry's host.*\(registry\)/,
  ],
])(
  "%s: what is wrong with an argument fails the call, at the property",
  (name, args, expected) =>
    inScene({}, async (scene) => {
      askAll(scene, { it: { function: name, args } });
      const preview = await scene.engine.preview();
      expect(preview.exitCode).toBe(1);
      expect(preview.text).toMatch(expected);
    }),
);

test("a wrong password fails each of them, and is not shown", () =>
  inScene(
    {
      source: { users: { mirror: { password: "another", allows: ["*:*:*"] } } },
    },
    async (scene) => {
      await scene.publish("one");
      const { from: source } = scene;
      const calls: Record<string, AskedFunction["args"]> = {
        getArtifact: { source },
        getReferrers: { source },
        getCatalog: { registry: scene.source.host },
      };
      for (const [name, args] of Object.entries(calls)) {
        askAll(scene, { it: { function: name, args } });
        const preview = await scene.engine.preview();
        expect(preview.exitCode).toBe(1);
        expect(preview.text).toMatch(/401/);
        expect(preview.text).not.toContain(canary);
      }
    },
  ));
