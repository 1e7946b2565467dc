import { createPublicKey, verify } from "node:crypto";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";
import { image, multiArch, nestedIndex } from "../samples/artifacts";
import {
  attachByFallback,
  attachLegacy,
  attachReferrer,
  attachSubjectAsFallback,
  cosignTag,
  fallbackTag,
} from "../samples/attach";
import {
  bundleManifest,
  bundleReferrer,
  bundleType,
  dsseBundle,
  messageBundle,
} from "../samples/bundleEvidence";
import {
  attestationLayer,
  sbomManifest,
  signatureLayer,
} from "../samples/legacyEvidence";
import { buildxIndex, chart, wasm } from "../samples/otherArtifacts";
import { keyKinds, keySigner } from "../samples/signers";
import { createSigstoreWorld } from "../samples/sigstoreWorld";
import { inRegistry, overHttp, put } from "../samples/target";
import { startRegistry, type TestRegistry } from "./registry";
import { ask } from "./plainHttp";

const who = {
  issuer: "https://token.actions.example",
  identity:
    "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1",
};
let registry: TestRegistry;

beforeEach(async () => {
  registry = await startRegistry();
});
afterEach(() => registry.close());

test.each(keyKinds)(
  "a %s signature verifies with its public key",
  async (kind) => {
    const signer = keySigner(kind);
    const layer = await signatureLayer(image().descriptor, signer);
    const signature = Buffer.from(
      layer.annotations?.["dev.cosignproject.cosign/signature"] ?? "",
      "base64",
    );
    const hashes: Record<string, string | null> = {
      "ecdsa-p384": "sha384",
      "ecdsa-p521": "sha512",
      ed25519: null,
    };
    const hash = kind in hashes ? hashes[kind] : "sha256";
    const key = createPublicKey(signer.publicKeyPem);
    const options =
      kind === "rsa-pss" ? { key, padding: 6, saltLength: -1 } : key;
    expect(verify(hash, layer.bytes, options, signature)).toBe(true);
  },
);

test.each([
  ["logged", {}],
  ["timestamped", { timestamp: true }],
])("a keyless bundle, %s, verifies in its own world", async (_, extra) => {
  const world = await createSigstoreWorld();
  const signer = await world.keyless(who);
  const bundle = await dsseBundle(image().descriptor, signer, {
    predicateType: "https://slsa.dev/provenance/v1",
    log: world,
    ...("timestamp" in extra ? { timestamp: world } : {}),
  });
  const trust = TrustedRoot.fromJSON(JSON.parse(world.trustedRoot));
  const verifier = new Verifier(toTrustMaterial(trust), {
    tsaThreshold: "timestamp" in extra ? 1 : 0,
  });
  const signed = verifier.verify(
    toSignedEntity(bundleFromJSON(JSON.parse(bundle.toString()))),
  );
  expect(signed.identity?.subjectAlternativeName).toBe(who.identity);
  expect(signed.identity?.extensions?.issuer).toBe(who.issuer);
});

test("a keyless bundle does not verify in another world", async () => {
  const [world, other] = [
    await createSigstoreWorld(),
    await createSigstoreWorld(),
  ];
  const bundle = await dsseBundle(
    image().descriptor,
    await world.keyless(who),
    { predicateType: "https://slsa.dev/provenance/v1", log: world },
  );
  const trust = TrustedRoot.fromJSON(JSON.parse(other.trustedRoot));
  const verifier = new Verifier(toTrustMaterial(trust));
  expect(() =>
    verifier.verify(
      toSignedEntity(bundleFromJSON(JSON.parse(bundle.toString()))),
    ),
  ).toThrow();
});

test.each([
  ["an image", () => image({ layers: [10, 0, 70_000] })],
  ["a Docker image", () => image({ docker: true })],
  ["an index", () => multiArch()],
  ["a Docker list", () => multiArch({ docker: true })],
  ["a nested index", () => nestedIndex()],
  ["a buildx index", buildxIndex],
  ["a chart", chart],
  ["a module", wasm],
])("%s is taken by a registry with all its checks", async (_, make) => {
  const sample = make();
  await put(overHttp(registry.origin, "team/app"), sample, "v1");
  expect(registry.tag("team/app", "v1")).toBe(sample.descriptor.digest);
  expect(registry.openUploads()).toEqual([]);
});

test("evidence is where its form says it is", async () => {
  const world = await createSigstoreWorld();
  const target = inRegistry(registry, "team/app");
  const subject = await put(target, image(), "v1");
  const signer = keySigner();
  const signature = await signatureLayer(subject, signer, { log: world });
  await attachLegacy(target, subject, { suffix: "sig", layers: [signature] });
  const attestation = await attestationLayer(
    subject,
    await world.keyless(who),
    {
      predicateType: "https://spdx.dev/Document",
      log: world,
    },
  );
  await attachLegacy(target, subject, { suffix: "att", layers: [attestation] });
  await attachReferrer(target, await bundleReferrer(subject, signer));
  await attachByFallback(
    target,
    subject,
    await bundleReferrer(subject, signer, {
      predicateType: "https://example.com/other",
    }),
  );
  expect(registry.tags("team/app")).toEqual(
    [
      cosignTag(subject, "att"),
      cosignTag(subject, "sig"),
      fallbackTag(subject),
      "v1",
    ].sort(),
  );
  const answer = await ask(registry.origin, {
    path: `/v2/team/app/referrers/${subject.digest}`,
  });
  const listed: unknown = JSON.parse(answer.body.toString());
  expect(listed).toMatchObject({
    manifests: [
      { artifactType: expect.any(String) },
      { artifactType: expect.any(String) },
    ],
  });
});

test("an SBOM hangs on its tag, and an image may stand under its own fallback tag", async () => {
  const target = inRegistry(registry, "team/app");
  const sample = image();
  const { descriptor } = sample;
  await attachSubjectAsFallback(target, sample);
  await put(target, sbomManifest(), cosignTag(descriptor, "sbom"));
  expect(registry.tag("team/app", fallbackTag(descriptor))).toBe(
    descriptor.digest,
  );
  expect(registry.tags("team/app")).toContain(cosignTag(descriptor, "sbom"));
});

test("garbage can be made: a bundle of something else, with a layer too many", async () => {
  const subject = image().descriptor;
  const bundle = await messageBundle(Buffer.from("other"), keySigner());
  const extra = { mediaType: bundleType, bytes: Buffer.from("{}") };
  const garbage = bundleManifest(subject, bundle, { more: [extra] });
  await put(overHttp(registry.origin, "team/app"), garbage);
  expect(garbage.blobs).toHaveLength(3);
});
