import { writes } from "../registry/recorder";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { keySigner } from "../samples/signers";
import { attachReferrer } from "../samples/attach";
import { sbomArtifact } from "../samples/otherArtifacts";
import { inScene, type Scene } from "./scene";

async function mirrored(scene: Scene, more: Parameters<Scene["app"]>[0] = {}) {
  const published = await scene.publish("one");
  scene.app(more);
  expect((await scene.engine.up()).exitCode).toBe(0);
  return published;
}

const keyPolicy = (publicKey: string) => ({
  signedBy: [{ key: { publicKey, tlog: "not-required" } }],
});

test("sentence 6: digest pins, whatever the tag names", () =>
  inScene({}, async (scene) => {
    const { digest } = await scene.publish("one");
    await scene.publish("two");
    scene.app({ digest });
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
    expect(
      (await scene.engine.preview({ expectNoChanges: true })).exitCode,
    ).toBe(0);
  }));

test("sentence 6: a digest in the source is a pin too", () =>
  inScene({}, async (scene) => {
    const { digest } = await scene.publish("one");
    await scene.publish("two");
    scene.app({ source: `${scene.from}@${digest}` });
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
  }));

test("sentence 6: ignoreChanges on digest freezes, also over a change of something else", () =>
  inScene({}, async (scene) => {
    const { digest } = await mirrored(scene);
    await scene.publish("two");
    scene.app({}, { ignoreChanges: ["digest"] });
    expect(
      (await scene.engine.preview({ expectNoChanges: true })).exitCode,
    ).toBe(0);
    scene.app({ onDelete: "untag" }, { ignoreChanges: ["digest"] });
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
    expect(scene.engine.resource("app")?.outputs.digest).toBe(digest);
  }));

test("sentence 6: another policy re-verifies, and copies no blob of the artifact", () =>
  inScene({}, async (scene) => {
    const published = await mirrored(scene);
    const second = keySigner();
    const layers = [
      await signatureLayer(published, scene.signer),
      await signatureLayer(published, second),
    ];
    await attachLegacy(scene.vendor, published, { suffix: "sig", layers });
    scene.app({ policy: keyPolicy(second.publicKeyPem) });
    const preview = await scene.engine.preview();
    expect(
      Object.keys(preview.steps.find(({ op }) => op === "update")?.diff ?? {}),
    ).toContain("policy.signedBy[0].key.publicKey");
    scene.source.resetRequests();
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.engine.resource("app")?.outputs.verification).toMatchObject({
      requirements: [{ signers: [{ keyId: second.keyId }] }],
    });
    const image = JSON.parse(
      String(scene.source.manifest("acme/app", published.digest)?.bytes),
    );
    const blobs: string[] = image.layers.map(
      ({ digest }: { digest: string }) => digest,
    );
    const fetched = [
      ...scene.source.requests,
      ...scene.destination.requests,
    ].filter(
      ({ method, path }) =>
        method !== "HEAD" && blobs.some((blob) => path.includes(blob)),
    );
    expect(fetched).toEqual([]);
    const uploads = writes(scene.destination.requests).filter(
      ({ kind }) => kind === "upload",
    );
    expect(uploads.length).toBeGreaterThan(0);
  }));

test("sentence 6: a policy that the mirrored artifact does not meet is refused, and nothing changes", () =>
  inScene({}, async (scene) => {
    const { digest } = await mirrored(scene);
    scene.app({ policy: keyPolicy(keySigner().publicKeyPem) });
    scene.destination.resetRequests();
    expect((await scene.engine.preview()).exitCode).toBe(1);
    expect((await scene.engine.up()).exitCode).toBe(1);
    expect(writes(scene.destination.requests)).toEqual([]);
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
  }));

test("sentence 6: evidence that is newly selected is copied, and no blob of the artifact", () =>
  inScene({}, async (scene) => {
    const published = await scene.publish("one");
    const sbom = await attachReferrer(scene.vendor, sbomArtifact(published));
    scene.app({
      evidence: { exclude: [sbom.artifactType ?? "application/*"] },
    });
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(
      scene.destination.manifest("mirror/app", sbom.digest),
    ).toBeUndefined();
    scene.app();
    scene.destination.resetRequests();
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.destination.manifest("mirror/app", sbom.digest)).toBeDefined();
    const puts = writes(scene.destination.requests).filter(
      ({ kind }) => kind === "manifest",
    );
    expect(puts.map(({ path }) => path)).toEqual([
      `/v2/mirror/app/manifests/${sbom.digest}`,
    ]);
  }));

test("sentence 6: another destination replaces, and keeps the old copy", () =>
  inScene({}, async (scene) => {
    const { digest } = await mirrored(scene);
    scene.app({ destination: `${scene.destination.host}/mirror/other:2` });
    const preview = await scene.engine.preview();
    expect(preview.steps.map(({ op }) => op)).toContain("replace");
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(0);
    expect(up.text).toContain("kept (onDelete");
    expect(scene.destination.tag("mirror/other", "2")).toBe(digest);
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
  }));

describe("sentence 6: removing the resource", () => {
  const removed = async (scene: Scene) => {
    scene.declare({});
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(0);
    return up.text;
  };

  test("keeps the copy", () =>
    inScene({}, async (scene) => {
      const { digest } = await mirrored(scene);
      scene.destination.resetRequests();
      await removed(scene);
      expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
      expect(writes(scene.destination.requests)).toEqual([]);
    }));

  test("removes the tag alone with onDelete untag", () =>
    inScene({}, async (scene) => {
      const { digest } = await mirrored(scene, { onDelete: "untag" });
      expect(await removed(scene)).toContain("tag removed, content kept");
      expect(scene.destination.tag("mirror/app", "1")).toBeUndefined();
      expect(scene.destination.manifest("mirror/app", digest)).toBeDefined();
    }));

  test("removes the artifact with onDelete delete", () =>
    inScene({}, async (scene) => {
      const { digest } = await mirrored(scene, { onDelete: "delete" });
      await removed(scene);
      expect(scene.destination.manifest("mirror/app", digest)).toBeUndefined();
    }));

  test("only untags, and says so, where another tag names the digest", () =>
    inScene({}, async (scene) => {
      const { digest } = await mirrored(scene, { onDelete: "delete" });
      scene.destination.setTag("mirror/app", "stable", digest);
      expect(await removed(scene)).toContain(
        "only the tag was removed: stable names the same digest",
      );
      expect(scene.destination.tag("mirror/app", "1")).toBeUndefined();
      expect(scene.destination.tag("mirror/app", "stable")).toBe(digest);
    }));

  test.each(["untag", "delete"])(
    "touches nothing with %s where somebody moved the tag",
    (onDelete) =>
      inScene({}, async (scene) => {
        await mirrored(scene, { onDelete });
        const foreign = await scene.publish("foreign", { tag: "foreign" });
        const { bytes, mediaType } = scene.source.manifest(
          "acme/app",
          foreign.digest,
        ) ?? { bytes: Buffer.of(), mediaType: "" };
        scene.destination.putManifest("mirror/app", { bytes, mediaType });
        scene.destination.setTag("mirror/app", "1", foreign.digest);
        scene.destination.resetRequests();
        expect(await removed(scene)).toContain("which was not put there by us");
        expect(writes(scene.destination.requests)).toEqual([]);
      }),
  );

  test("a replacement that wrote the same digest in this run is spared", () =>
    inScene({}, async (scene) => {
      const { digest } = await mirrored(scene, { onDelete: "delete" });
      scene.app({
        onDelete: "delete",
        destination: `${scene.destination.host}/mirror/app:2`,
      });
      const up = await scene.engine.up();
      expect(up.exitCode).toBe(0);
      expect(up.text).toContain(
        "only the tag was removed: this run also put that digest there anew",
      );
      expect(scene.destination.tag("mirror/app", "2")).toBe(digest);
      expect(scene.destination.tag("mirror/app", "1")).toBeUndefined();
    }));
});
