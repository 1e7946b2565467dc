import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Action } from "../../registry/misbehaviour";
import { writes } from "../../registry/recorder";
import { emptyConfig, manifest, type Blob } from "../../samples/artifacts";
import { attachLegacy, attachReferrer } from "../../samples/attach";
import {
  bundleManifest,
  bundleReferrer,
  bundleType,
  dsseBundle,
  signPredicate,
} from "../../samples/bundleEvidence";
import { signatureLayer } from "../../samples/legacyEvidence";
import { put } from "../../samples/target";
import { stranger, vendor } from "../verifiers/judging";
import { evil, good, openSignedScene, type SignedScene } from "./signedScene";

const root = good.descriptor;

let scene: SignedScene;

beforeEach(async () => {
  scene = await openSignedScene();
});

afterEach(() => scene.close());

test("the ground is sound: what is signed goes in", async () => {
  await scene.sign();
  await scene.up();
  expect(scene.arrived()).toBe(root.digest);
});

test("T2: a digest in a header that is not the bytes' own changes nothing", async () => {
  await scene.sign();
  await put(scene.place, evil);
  const headers = { "docker-content-digest": evil.descriptor.digest };
  scene.source.misbehave({
    method: "GET",
    path: /manifests\//,
    times: Infinity,
    action: { rewriteHeader: headers },
  });
  await scene.up();
  expect(scene.arrived()).toBe(root.digest);
});

test("N38, T1: a tag that moves behind our back moves nothing: it is asked once, all else by digest", async () => {
  await scene.sign();
  await put(scene.place, evil);
  scene.source.misbehave({
    path: /acme\/app\/manifests\/1$/,
    nth: 2, // what it names from then on
    times: Infinity,
    action: { swapBody: evil.bytes },
  });
  await scene.up();
  expect(scene.arrived()).toBe(root.digest);
});

const byDigest = /manifests\/sha256:/;
const aBlob = /app\/blobs\//;

test.each<[string, string, RegExp, Action]>([
  ["other bytes", "DIGEST_MISMATCH", byDigest, { swapBody: evil.bytes }],
  ["a flipped bit", "DIGEST_MISMATCH", byDigest, { flipBit: 40 }],
  ["a layer's flipped bit", "DIGEST_MISMATCH", aBlob, { flipBit: 0 }],
  ["a layer of another size", "SIZE_MISMATCH", aBlob, { swapBody: "{}" }],
])("T2, T3: %s under a digest gives %s", async (_, code, path, action) => {
  await scene.sign();
  scene.source.misbehave({ method: "GET", path, times: Infinity, action });
  await expect(scene.up()).rejects.toMatchObject({ fault: "corrupt", code });
  expect(scene.arrived()).toBeUndefined();
});

/** A referrer of the root with these layers. */
const referrer = (...layers: readonly Blob[]) =>
  manifest({
    artifactType: bundleType,
    config: emptyConfig,
    layers,
    subject: root,
  });

async function bundleLayer(by = vendor): Promise<Blob> {
  const bytes = await dsseBundle(root, by, { predicateType: signPredicate });
  return { mediaType: bundleType, bytes };
}

test.each<[string, number]>([
  ["none", 0],
  ["two", 2],
])(
  "T25: a bundle's manifest with %s layers is no evidence",
  async (_, count) => {
    const layer = await bundleLayer();
    await attachReferrer(
      scene.place,
      referrer(...Array.from({ length: count }, () => layer)),
    );
    await expect(scene.up()).rejects.toMatchObject({
      fault: "refused",
      message: expect.stringContaining("NO_EVIDENCE"),
    });
    expect(writes(scene.destination.requests)).toEqual([]);
  },
);

test("N37, T24: a signed bundle about another image, listed for ours, is no evidence", async () => {
  const foreign = await bundleReferrer(evil.descriptor, vendor);
  const ours = bundleManifest(
    root,
    await dsseBundle(evil.descriptor, vendor, { predicateType: signPredicate }),
  );
  await put(scene.place, foreign);
  await attachReferrer(scene.place, ours);
  await expect(scene.up()).rejects.toMatchObject({
    fault: "refused",
    message: expect.stringContaining("SUBJECT_MISMATCH"),
  });
});

describe("T34: beside the good signature", () => {
  const bomb = gzipSync(Buffer.alloc(64 << 20));

  test.each<[string, Buffer, string]>([
    ["a gzip bomb as a bundle", bomb, bundleType],
    [
      "a gzip bomb as a layer",
      bomb,
      "application/vnd.oci.image.layer.v1.tar+gzip",
    ],
    [
      "a hundred thousand levels of JSON",
      Buffer.from("[".repeat(100_000)),
      bundleType,
    ],
    ["a hundred thousand levels in an envelope", deepEnvelope(), bundleType],
  ])(
    "%s is copied as it is, and in the way of nothing",
    async (_, bytes, mediaType) => {
      const hostile = referrer({ mediaType, bytes });
      await attachReferrer(scene.place, hostile);
      await expect(scene.up()).rejects.toMatchObject({ fault: "refused" });
      await scene.sign();
      await scene.up();
      expect(scene.arrived()).toBe(root.digest);
      const { digest } = hostile.descriptor;
      expect(scene.destination.manifest("mirror/app", digest)).toBeDefined();
    },
  );

  test("an attestation that claims 200 MiB is not asked for", async () => {
    const huge = referrer(await bundleLayer(stranger));
    const document = JSON.parse(huge.bytes.toString());
    document.layers[0].size = 200 << 20;
    await scene.sign();
    const bytes = Buffer.from(JSON.stringify(document));
    scene.source.putManifest("acme/app", {
      mediaType: huge.descriptor.mediaType,
      bytes,
    });
    await scene.up({ evidence: { copy: "verified" } });
    expect(scene.arrived()).toBe(root.digest);
    const asked = scene.source.requests.filter(({ path }) =>
      path.endsWith(document.layers[0].digest),
    );
    expect(asked).toEqual([]);
  });

  test("N35: nothing of ours can decompress", () => {
    const files = readdirSync("provider", {
      recursive: true,
      encoding: "utf8",
    });
    const texts = files
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(`provider/${file}`, "utf8"));
    expect(texts.length).toBeGreaterThan(100);
    expect(
      texts.filter((text) =>
        /["']node:zlib["']|DecompressionStream/.test(text),
      ),
    ).toEqual([]);
  });
});

/** A DSSE envelope around a statement that is deep. */
function deepEnvelope(): Buffer {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  const payload = Buffer.from(
    `{"_type":"https://in-toto.io/Statement/v1","predicate":${deep}}`,
  );
  return Buffer.from(
    JSON.stringify({
      payloadType: "application/vnd.in-toto+json",
      payload: payload.toString("base64"),
      signatures: [{ sig: "AA==" }],
    }),
  );
}

test("T33: 1001 signatures in one manifest are not read, and hide no other", async () => {
  const layer = await signatureLayer(root, stranger);
  const layers = Array.from({ length: 1001 }, (_, at) => ({
    ...layer,
    annotations: { ...layer.annotations, at: `${at}` },
  }));
  await attachLegacy(scene.place, root, { suffix: "sig", layers });
  await expect(scene.up()).rejects.toMatchObject({
    message: expect.stringMatching(/1001 layers of evidence/),
  });
  await scene.sign();
  await scene.up();
  expect(scene.arrived()).toBe(root.digest);
});
