import { index, multiArch } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { buildxIndex } from "../samples/otherArtifacts";
import { keySigner } from "../samples/signers";
import { put, type Sample, type SampleDescriptor } from "../samples/target";
import { inScene, type Scene } from "./scene";

async function sign(
  scene: Scene,
  descriptor: SampleDescriptor,
  by = scene.signer,
): Promise<void> {
  const layers = [await signatureLayer(descriptor, by)];
  await attachLegacy(scene.vendor, descriptor, { suffix: "sig", layers });
}

const childrenOf = ({ children }: Sample) => children;

test("T28: where each platform must be signed, one that is put in place of another is refused and named, in preview and in up", () =>
  inScene({}, async (scene) => {
    const good = multiArch({ seed: "one" });
    await put(scene.vendor, good, "1");
    for (const { descriptor } of childrenOf(good))
      await sign(scene, descriptor);
    scene.app({ policy: { ...scene.policy, coverage: "platforms" } });
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(0);
    expect(up.outputs.appVerification).toMatchObject({
      version: 1,
      outcome: "verified",
      requirements: [
        {
          outcome: "passed",
          signers: [
            { keyId: scene.signer.keyId, format: "cosign-simplesigning" },
            { keyId: scene.signer.keyId },
          ],
        },
      ],
    });
    expect(
      (await scene.engine.preview({ expectNoChanges: true })).exitCode,
    ).toBe(0);

    const [amd64] = childrenOf(good);
    const [, evil] = childrenOf(multiArch({ seed: "evil" }));
    const swapped = index([amd64, evil].flatMap((one) => one ?? []));
    await put(scene.vendor, swapped, "1");
    for (const run of [await scene.engine.preview(), await scene.engine.up()]) {
      expect(run.exitCode).toBe(1);
      expect(run.text).toMatch(
        /signedBy COVERAGE[^]*only a part of it is covered: linux\/arm64\/v8: .*NO_EVIDENCE/,
      );
    }
    expect(scene.destination.tag("mirror/app", "1")).toBe(
      good.descriptor.digest,
    );
  }));

test.each<[string, (image: Sample) => SampleDescriptor | undefined]>([
  ["the index", ({ descriptor }) => descriptor],
  ["the attestation manifest", (image) => childrenOf(image).at(-1)?.descriptor],
])(
  "BuildKit's provenance inside an index counts where the signer that is wanted has signed %s, at the destination, too",
  (_, signedPart) =>
    inScene({}, async (scene) => {
      const image = buildxIndex();
      await put(scene.vendor, image, "1");
      const { signedBy: by } = policyOf(scene);
      scene.app({
        policy: { attestations: [{ type: "slsaprovenance02", by }] },
      });
      const unsigned = await scene.engine.preview();
      expect(unsigned.exitCode).toBe(1);
      expect(unsigned.text).toMatch(/attestations\[0\]/);
      const part = signedPart(image);
      if (!part) throw new Error("the sample has no such part");
      await sign(scene, part, keySigner());
      expect((await scene.engine.preview()).exitCode).toBe(1);
      await sign(scene, part);
      const up = await scene.engine.up();
      expect(up.outputs.appVerification).toMatchObject({
        requirements: [
          {
            outcome: "passed",
            signers: [
              {
                keyId: scene.signer.keyId,
                predicateType: "https://slsa.dev/provenance/v0.2",
              },
            ],
          },
        ],
      });
      expect(scene.destination.tag("mirror/app", "1")).toBe(
        image.descriptor.digest,
      );
    }),
);

function policyOf({ signer }: Scene) {
  const { publicKeyPem: publicKey } = signer;
  return { signedBy: [{ key: { publicKey, tlog: "not-required" } }] };
}

test("what a requirement that only warns had to say is shown by preview, by up, and in the report", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    const { signedBy: by } = policyOf(scene);
    const attestations = [{ type: "vuln", by, mode: "warn" }];
    scene.app({ policy: { ...scene.policy, attestations } });
    const [preview, up] = [
      await scene.engine.preview(),
      await scene.engine.up(),
    ];
    for (const run of [preview, up]) {
      expect(run.exitCode).toBe(0);
      expect(run.text).toMatch(
        /warning.*attestations\[0\] is not met, and does not block: no attestation of type .* was found/,
      );
    }
    expect(up.outputs.appVerification).toMatchObject({
      requirements: [
        { outcome: "passed" },
        {
          name: "attestations[0]",
          outcome: "failed",
          reason: expect.stringContaining("no attestation"),
        },
      ],
    });
  }));
