import { image, multiArch, nestedIndex } from "../samples/artifacts";
import {
  buildxIndex,
  chart,
  unknownArtifact,
  wasm,
} from "../samples/otherArtifacts";
import { type Sample } from "../samples/target";
import { inScene } from "./scene";

test.each<[string, () => Sample]>([
  ["an image", () => image({ seed: "one" })],
  [
    "a multi-arch index",
    () => multiArch({ platforms: ["linux/amd64", "linux/arm64"] }),
  ],
  ["nested indexes", () => nestedIndex()],
  [
    "a Docker schema 2 list",
    () => multiArch({ platforms: ["linux/amd64"], docker: true }),
  ],
  ["a Helm chart", chart],
  ["a WASM module", wasm],
  [
    "an unknown artifact type with an empty config",
    () => unknownArtifact("application/vnd.acme.thing"),
  ],
  ["a buildx index with attestation manifests", buildxIndex],
])("any artifact is mirrored byte for byte: %s", (_, make) =>
  inScene({}, async (scene) => {
    const { digest } = await scene.publish("any", { sample: make() });
    scene.app();
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
    const wanted = scene.source.manifests("acme/app");
    expect(scene.destination.manifests("mirror/app")).toEqual(wanted);
    for (const one of wanted) {
      expect(scene.destination.manifest("mirror/app", one)).toEqual(
        scene.source.manifest("acme/app", one),
      );
    }
    expect(
      (await scene.engine.preview({ expectNoChanges: true })).exitCode,
    ).toBe(0);
  }),
);

test("schema 1 is refused by name", () =>
  inScene({}, async (scene) => {
    const bytes = Buffer.from(
      JSON.stringify({
        schemaVersion: 1,
        name: "acme/app",
        tag: "1",
        fsLayers: [],
        history: [],
      }),
    );
    const digest = scene.source.putManifest("acme/app", {
      bytes,
      mediaType: "application/vnd.docker.distribution.manifest.v1+json",
    });
    scene.source.setTag("acme/app", "1", digest);
    scene.app();
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toContain("manifest.v1+json");
  }));

describe("platforms", () => {
  const sample = () => multiArch({ platforms: ["linux/amd64", "linux/arm64"] });

  test("keep the index and copy only those children, where the registry takes it; the preview warned", () =>
    inScene({ destination: { sparseIndex: "accept" } }, async (scene) => {
      const { digest } = await scene.publish("one", { sample: sample() });
      scene.app({ platforms: ["linux/amd64"] });
      expect((await scene.engine.preview()).text).toContain("stay behind");
      expect((await scene.engine.up()).exitCode).toBe(0);
      expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
      const [amd, arm] = sample().children.map(({ descriptor }) =>
        scene.destination.manifest("mirror/app", descriptor.digest),
      );
      expect([amd !== undefined, arm !== undefined]).toEqual([true, false]);
      expect(
        (await scene.engine.preview({ expectNoChanges: true })).exitCode,
      ).toBe(0);
    }));

  test("leave the tag untouched where the registry refuses", () =>
    inScene({}, async (scene) => {
      await scene.publish("one", { sample: sample() });
      scene.app({ platforms: ["linux/amd64"] });
      expect((await scene.engine.up()).exitCode).toBe(1);
      expect(scene.destination.tag("mirror/app", "1")).toBeUndefined();
    }));

  test("that the index does not have are an error that says what there is", () =>
    inScene({}, async (scene) => {
      await scene.publish("one", { sample: sample() });
      scene.app({ platforms: ["linux/s390x"] });
      const preview = await scene.engine.preview();
      expect(preview.exitCode).toBe(1);
      expect(preview.text).toContain("choose among linux/amd64, linux/arm64");
    }));
});
