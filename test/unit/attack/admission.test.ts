import { mirror } from "../../interop/product";
import { writes } from "../../registry/recorder";
import { startRegistry, type TestRegistry } from "../../registry/registry";
import { image, multiArch } from "../../samples/artifacts";
import {
  attachByFallback,
  attachLegacy,
  attachReferrer,
  cosignTag,
} from "../../samples/attach";
import {
  bundleManifest,
  bundleReferrer,
  dsseBundle,
  signPredicate,
} from "../../samples/bundleEvidence";
import { attestationLayer, signatureLayer } from "../../samples/legacyEvidence";
import { keySigner } from "../../samples/signers";
import {
  inRegistry,
  put,
  type SampleDescriptor,
  type Target,
} from "../../samples/target";

const signer = keySigner();
const policy = {
  signedBy: [{ key: { publicKey: signer.publicKeyPem, tlog: "not-required" } }],
};
/** signed by the one whom the policy trusts */
const good = image({ seed: "good" });
const evil = image({ seed: "evil" });
const vsa = "https://slsa.dev/verification_summary/v1";
const spdx = "https://spdx.dev/Document";

interface Scene {
  readonly source: TestRegistry;
  readonly destination: TestRegistry;
  readonly vendor: Target;
  readonly up: (more?: object) => Promise<unknown>;
}

let scene: Scene;

async function open(referrersApi = true): Promise<Scene> {
  const [source, destination] = await Promise.all([
    startRegistry({ referrersApi }),
    startRegistry({}),
  ]);
  const up = (more: object = {}) =>
    mirror({
      hosts: [source.host, destination.host],
      inputs: {
        source: `${source.host}/acme/app:1`,
        destination: `${destination.host}/mirror/app:1`,
        policy,
        ...more,
      },
    });
  return { source, destination, vendor: inRegistry(source, "acme/app"), up };
}

async function signGood(vendor: Target): Promise<void> {
  const layers = [await signatureLayer(good.descriptor, signer)];
  await attachLegacy(vendor, good.descriptor, { suffix: "sig", layers });
}

beforeEach(async () => {
  scene = await open();
});

afterEach(async () => {
  await Promise.all([scene.source.close(), scene.destination.close()]);
});

type Attack = (vendor: Target, root: SampleDescriptor) => Promise<unknown>;

const attacks: readonly (readonly [string, Attack])[] = [
  ["nothing at all", async () => undefined],
  [
    "a signature of another image under this one's tag",
    async (vendor, root) => {
      const layers = [await signatureLayer(good.descriptor, signer)];
      await attachLegacy(vendor, root, { suffix: "sig", layers });
    },
  ],
  [
    "a referrer of this image whose statement is about another",
    async (vendor, root) => {
      const options = { predicateType: signPredicate };
      const bundle = await dsseBundle(good.descriptor, signer, options);
      await attachReferrer(vendor, bundleManifest(root, bundle));
    },
  ],
  [
    "another image's true signature, listed in this one's fallback tag",
    async (vendor, root) =>
      attachByFallback(
        vendor,
        root,
        await bundleReferrer(good.descriptor, signer),
      ),
  ],
  ...[vsa, spdx].map((predicateType): readonly [string, Attack] => [
    `a true attestation (${predicateType}) in place of a signature`,
    async (vendor, root) =>
      attachReferrer(
        vendor,
        await bundleReferrer(root, signer, { predicateType }),
      ),
  ]),
  [
    "a true attestation under the signature's tag",
    async (vendor, root) => {
      const layers = [
        await attestationLayer(root, signer, { predicateType: spdx }),
      ];
      await attachLegacy(vendor, root, { suffix: "sig", layers });
    },
  ],
  [
    "a stranger's signature",
    async (vendor, root) => {
      const layers = [await signatureLayer(root, keySigner())];
      await attachLegacy(vendor, root, { suffix: "sig", layers });
    },
  ],
  [
    "a bundle by a stranger that says it is about evidence",
    async (vendor, root) => {
      const first = await bundleReferrer(root, keySigner());
      await attachReferrer(vendor, first);
      await attachReferrer(
        vendor,
        await bundleReferrer(first.descriptor, signer),
      );
    },
  ],
];

test.each(attacks)(
  "%s admits nothing, and nothing is written",
  async (_, attack) => {
    const root = await put(scene.vendor, evil, "1");
    await put(scene.vendor, good);
    await attack(scene.vendor, root);
    await expect(scene.up()).rejects.toMatchObject({ fault: "refused" });
    expect(writes(scene.destination.requests)).toEqual([]);
  },
);

test("T24: without the API, a fallback tag that lists foreign signatures admits nothing", async () => {
  await Promise.all([scene.source.close(), scene.destination.close()]);
  scene = await open(false);
  const root = await put(scene.vendor, evil, "1");
  const foreign = await bundleReferrer(good.descriptor, signer);
  await attachByFallback(scene.vendor, root, foreign);
  await expect(scene.up()).rejects.toMatchObject({ fault: "refused" });
  expect(writes(scene.destination.requests)).toEqual([]);
});

test("T28: a signed child does not admit its index", async () => {
  const whole = multiArch();
  await put(scene.vendor, whole, "1");
  for (const { descriptor } of whole.children) {
    const layers = [await signatureLayer(descriptor, signer)];
    await attachLegacy(scene.vendor, descriptor, { suffix: "sig", layers });
  }
  await expect(scene.up()).rejects.toMatchObject({ fault: "refused" });
  expect(writes(scene.destination.requests)).toEqual([]);
});

test("a repository for evidence that belongs to the enemy admits nothing", async () => {
  const root = await put(scene.vendor, evil, "1");
  const hostile = inRegistry(scene.source, "evil/evidence");
  const layers = [await signatureLayer(good.descriptor, signer)];
  await attachLegacy(hostile, root, { suffix: "sig", layers });
  const repositories = [`${scene.source.host}/evil/evidence`];
  await expect(scene.up({ evidence: { repositories } })).rejects.toMatchObject({
    fault: "refused",
  });
  expect(writes(scene.destination.requests)).toEqual([]);
});

describe("a source that lies about an image that is signed", () => {
  const lies = {
    "serves other bytes under its digest": (registry: TestRegistry) =>
      registry.misbehave({
        method: "GET",
        path: /manifests\/sha256:[0-9a-f]{64}$/,
        times: Infinity,
        action: { swapBody: evil.bytes },
      }),
    "says that it is an index": (registry: TestRegistry) =>
      registry.misbehave({
        path: /manifests\//,
        times: Infinity,
        action: {
          rewriteHeader: {
            "content-type": "application/vnd.oci.image.index.v1+json",
          },
        },
      }),
    "serves other layers": (registry: TestRegistry) =>
      registry.misbehave({
        method: "GET",
        path: /acme\/app\/blobs\//,
        times: Infinity,
        action: { flipBit: 0 },
      }),
  };

  test.each(Object.entries(lies))("and %s gets no tag", async (_, lie) => {
    await put(scene.vendor, good, "1");
    await signGood(scene.vendor);
    lie(scene.source);
    await expect(scene.up()).rejects.toThrow();
    expect(scene.destination.tag("mirror/app", "1")).toBeUndefined();
  });

  test("T2: the header of a signed digest over an unsigned tag brings the signed bytes, or none", async () => {
    await put(scene.vendor, good);
    await signGood(scene.vendor);
    await put(scene.vendor, evil, "1");
    scene.source.misbehave({
      path: /acme\/app\/manifests\/1$/,
      times: Infinity,
      action: {
        rewriteHeader: { "docker-content-digest": good.descriptor.digest },
      },
    });
    await scene.up().catch(() => undefined);
    expect([undefined, good.descriptor.digest]).toContain(
      scene.destination.tag("mirror/app", "1"),
    );
  });
});

test("a destination that serves other evidence than was copied gets no tag", async () => {
  await put(scene.vendor, good, "1");
  await signGood(scene.vendor);
  scene.destination.misbehave({
    method: "GET",
    path: /mirror\/app\/blobs\//,
    times: Infinity,
    action: { flipBit: 0 },
  });
  await expect(scene.up()).rejects.toThrow();
  expect(scene.destination.tag("mirror/app", "1")).toBeUndefined();
});

test("the attacks' ground is sound: what is signed goes in", async () => {
  await put(scene.vendor, good, "1");
  await signGood(scene.vendor);
  await scene.up();
  expect(scene.destination.tag("mirror/app", "1")).toBe(good.descriptor.digest);
  expect(
    scene.destination.tag("mirror/app", cosignTag(good.descriptor, "sig")),
  ).toBeDefined();
});
