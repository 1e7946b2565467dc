import { image } from "../samples/artifacts";
import {
  attachByFallback,
  attachLegacy,
  attachReferrer,
  attachSubjectAsFallback,
  fallbackTag,
} from "../samples/attach";
import { bundleReferrer } from "../samples/bundleEvidence";
import {
  attestationLayer,
  sbomManifest,
  signatureLayer,
} from "../samples/legacyEvidence";
import { unknownArtifact } from "../samples/otherArtifacts";
import { inRegistry, put } from "../samples/target";
import type { RegistryOptions } from "../registry/options";
import { inScene, type Scene } from "./scene";

/** Hangs every form of evidence on a signed image. */
async function everyForm(scene: Scene) {
  const subject = await put(scene.vendor, image({ seed: "one" }), "1");
  await attachLegacy(scene.vendor, subject, {
    suffix: "sig",
    layers: [await signatureLayer(subject, scene.signer)],
  });
  await attachLegacy(scene.vendor, subject, {
    suffix: "att",
    layers: [
      await attestationLayer(subject, scene.signer, {
        predicateType: "https://spdx.dev/Document",
        predicate: {},
      }),
    ],
  });
  await put(
    scene.vendor,
    sbomManifest(),
    `${subject.digest.replace(":", "-")}.sbom`,
  );
  const bundle = await bundleReferrer(subject, scene.signer, {
    predicateType: "https://cyclonedx.org/bom",
    predicate: {},
  });
  await attachReferrer(scene.vendor, bundle);
  await attachReferrer(
    scene.vendor,
    await bundleReferrer(bundle.descriptor, scene.signer),
  );
  return subject;
}

test.each<[string, RegistryOptions, RegistryOptions]>([
  ["with the referrers API on both sides", {}, {}],
  [
    "with a destination that has none: the fallback tag is kept",
    {},
    { referrersApi: false },
  ],
])("every form of evidence comes along, %s", (_, source, destination) =>
  inScene({ source, destination }, async (scene) => {
    const subject = await everyForm(scene);
    const { publicKeyPem: publicKey } = scene.signer;
    const by = [{ key: { publicKey, tlog: "not-required" } }];
    scene.app({
      policy: {
        signedBy: by,
        attestations: [
          { type: "spdxjson", by },
          { type: "cyclonedx", by },
        ],
      },
    });
    const up = await scene.engine.up();
    expect([up.exitCode, up.text]).toEqual([0, expect.any(String)]);
    for (const digest of scene.source.manifests("acme/app")) {
      expect(scene.destination.manifest("mirror/app", digest)).toBeDefined();
    }
    for (const tag of scene.source.tags("acme/app")) {
      expect(scene.destination.tag("mirror/app", tag)).toBe(
        scene.source.tag("acme/app", tag),
      );
    }
    const listed =
      scene.destination.tag("mirror/app", fallbackTag(subject)) !== undefined;
    expect(listed).toBe(destination.referrersApi === false);
    expect(
      (await scene.engine.preview({ expectNoChanges: true })).exitCode,
    ).toBe(0);
  }),
);

test("evidence behind a source's fallback tag is found", () =>
  inScene({ source: { referrersApi: false } }, async (scene) => {
    const subject = await put(scene.vendor, image({ seed: "one" }), "1");
    const bundle = await bundleReferrer(subject, scene.signer);
    await attachByFallback(scene.vendor, subject, bundle);
    scene.app();
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(
      scene.destination.manifest("mirror/app", bundle.descriptor.digest),
    ).toBeDefined();
  }));

test("a fallback tag that holds the image itself is neither evidence nor an error", () =>
  inScene({ source: { referrersApi: false } }, async (scene) => {
    await scene.publish("one");
    await attachSubjectAsFallback(scene.vendor, image({ seed: "one" }));
    scene.app();
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.engine.resource("app")?.outputs.attached).toMatchObject({
      count: 1,
    });
  }));

test("G8: a signature on the last page of a long listing is found", () =>
  inScene({ source: { pageSize: 2 } }, async (scene) => {
    const subject = await put(scene.vendor, image({ seed: "one" }), "1");
    for (let one = 0; one < 5; one++)
      await attachReferrer(
        scene.vendor,
        unknownArtifact("application/vnd.acme.note", {
          seed: `${one}`,
          subject,
        }),
      );
    await attachReferrer(
      scene.vendor,
      await bundleReferrer(subject, scene.signer),
    );
    scene.app();
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.engine.resource("app")?.outputs.attached).toMatchObject({
      count: 6,
    });
  }));

test("evidence that is kept in another repository is found there and copied beside the artifact", () =>
  inScene({}, async (scene) => {
    const subject = await put(scene.vendor, image({ seed: "one" }), "1");
    const signatures = inRegistry(scene.source, "acme/signatures");
    await attachLegacy(signatures, subject, {
      suffix: "sig",
      layers: [await signatureLayer(subject, scene.signer)],
    });
    scene.app({
      evidence: { repositories: [`${scene.source.host}/acme/signatures`] },
    });
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(
      scene.destination.tag(
        "mirror/app",
        `${subject.digest.replace(":", "-")}.sig`,
      ),
    ).toBeDefined();
  }));
