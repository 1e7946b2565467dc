import { getReferrers } from "../../../provider/functions/getReferrers";
import type { Values } from "../../../provider/mirror/lifecycle";
import { startRegistry, type TestRegistry } from "../../registry/registry";
import type { Action } from "../../registry/misbehaviour";
import { writes } from "../../registry/recorder";
import { image, multiArch } from "../../samples/artifacts";
import {
  attachByFallback,
  attachLegacy,
  attachReferrer,
  cosignTag,
} from "../../samples/attach";
import { bundleReferrer } from "../../samples/bundleEvidence";
import { attestationLayer, signatureLayer } from "../../samples/legacyEvidence";
import {
  notationLayer,
  notationReferrer,
  notationSigner,
} from "../../samples/notation";
import { buildxIndex, sbomArtifact } from "../../samples/otherArtifacts";
import { keySigner } from "../../samples/signers";
import { createSigstoreWorld } from "../../samples/sigstoreWorld";
import {
  inRegistry,
  put,
  type SampleDescriptor,
  type Target,
} from "../../samples/target";
import { whileAsking, type Asking } from "./asking";

interface Shelf {
  readonly registry: TestRegistry;
  readonly vendor: Target;
  readonly asking: Asking;
  readonly source: string;
}

async function onShelf(
  work: (shelf: Shelf) => Promise<void>,
  options: Parameters<typeof startRegistry>[0] = {},
): Promise<void> {
  const registry = await startRegistry(options);
  try {
    const vendor = inRegistry(registry, "acme/app");
    const source = `${registry.host}/acme/app:1`;
    await whileAsking([registry.host], (asking) =>
      work({ registry, vendor, asking, source }),
    );
  } finally {
    await registry.close();
  }
}

const ask = ({ asking, source }: Shelf, more: Values = {}) =>
  asking.ask(getReferrers, { source, ...more });

async function sign(
  vendor: Target,
  subject: SampleDescriptor,
  signer = keySigner(),
): Promise<SampleDescriptor> {
  const layers = [await signatureLayer(subject, signer)];
  return attachLegacy(vendor, subject, { suffix: "sig", layers });
}

const by = (policyKey: string): Values => ({
  policy: {
    signedBy: [{ key: { publicKey: policyKey, tlog: "not-required" } }],
  },
});

test("what nobody said anything about has an empty list, and a tree of itself", () =>
  onShelf(async (shelf) => {
    const { digest } = await put(shelf.vendor, image(), "1");
    const answer = await ask(shelf);
    expect(answer).toMatchObject({ digest, referrers: [], ignored: [] });
    expect(answer["outcome"]).toBeUndefined();
    expect(answer["tree"]).toMatch(
      new RegExp(
        `^${shelf.registry.host}/acme/app@${digest}  image, [0-9.]+ KiB$`,
      ),
    );
    expect(writes(shelf.registry.requests)).toEqual([]);
  }));

test("every way to hang evidence on an artifact is found, each on what it is about", () =>
  onShelf(async (shelf) => {
    const { vendor } = shelf;
    const sample = multiArch();
    const root = await put(vendor, sample, "1");
    const arm = sample.children[1]?.descriptor ?? root;
    const signature = await sign(vendor, root);
    const layers = [
      await attestationLayer(root, keySigner(), {
        predicateType: "https://slsa.dev/provenance/v1",
      }),
    ];
    const provenance = await attachLegacy(vendor, root, {
      suffix: "att",
      layers,
    });
    const sbom = await attachReferrer(vendor, sbomArtifact(arm));
    const onSbom = await attachReferrer(
      vendor,
      await bundleReferrer(sbom, keySigner()),
    );
    const answer = await ask(shelf);
    expect(answer["referrers"]).toHaveLength(4);
    expect(answer["referrers"]).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          digest: signature.digest,
          parent: root.digest,
          kind: "signature",
          via: "sig",
          tag: cosignTag(root, "sig"),
          repository: `${shelf.registry.host}/acme/app`,
          claimed: [{ format: "cosign-simplesigning" }],
          proven: [],
        }),
        expect.objectContaining({
          digest: provenance.digest,
          kind: "provenance",
          predicateTypes: ["https://slsa.dev/provenance/v1"],
          via: "att",
        }),
        expect.objectContaining({
          digest: sbom.digest,
          parent: arm.digest,
          kind: "sbom",
          via: "referrer",
          claimed: [],
        }),
        expect.objectContaining({
          digest: onSbom.digest,
          parent: sbom.digest,
          kind: "signature",
          created: "2026-01-01T00:00:00.000Z",
        }),
      ]),
    );
  }));

test("the tree shows what hangs on what, and that nothing of it is proven", () =>
  onShelf(async (shelf) => {
    const { vendor } = shelf;
    const sample = multiArch();
    const root = await put(vendor, sample, "1");
    const arm = sample.children[1]?.descriptor ?? root;
    const signature = await sign(vendor, root);
    const sbom = await attachReferrer(vendor, sbomArtifact(arm));
    await attachReferrer(vendor, await bundleReferrer(sbom, keySigner()));
    const lines = String((await ask(shelf))["tree"]).split("\n");
    const short = ({ digest }: SampleDescriptor) => digest.slice(0, 19);
    expect(lines).toHaveLength(6);
    expect(lines[1]).toContain(`├─ signature  ${short(signature)}`);
    expect(lines[1]).toContain("under cosign's .sig tag");
    expect(lines[1]).toContain("unproven: claims a key that it does not name");
    expect(lines[2]).toContain("├─ linux/amd64  sha256:");
    expect(lines[3]).toContain(`└─ linux/arm64/v8  ${short(arm)}`);
    expect(lines[4]).toContain(`   └─ sbom  ${short(sbom)}`);
    expect(lines[5]).toContain("      └─ signature  sha256:");
  }));

test("an identity is only claimed, until a policy proves it", async () => {
  const sigstore = await createSigstoreWorld();
  const who = {
    issuer: "https://accounts.example",
    identity: "https://ci.example/acme",
  };
  await onShelf(async (shelf) => {
    const root = await put(shelf.vendor, image(), "1");
    const signer = await sigstore.keyless(who);
    await attachReferrer(
      shelf.vendor,
      await bundleReferrer(root, signer, {
        log: sigstore,
        timestamp: sigstore,
      }),
    );
    const claims = await ask(shelf);
    expect(claims).toMatchObject({
      referrers: [
        {
          kind: "signature",
          claimed: [{ format: "sigstore-bundle-0.3", ...who }],
          proven: [],
        },
      ],
    });
    expect(claims["tree"]).toContain(`unproven: claims ${who.identity}`);
    const keyless = { ...who, trustedRoots: [sigstore.trustedRoot] };
    const judged = await ask(shelf, { policy: { signedBy: [{ keyless }] } });
    expect(judged).toMatchObject({
      outcome: "verified",
      referrers: [{ proven: [{ authority: "signedBy[0].keyless", ...who }] }],
    });
    expect(judged["tree"]).toContain(`proven: signed by ${who.identity}`);
  });
});

test("what the policy refuses is listed all the same, with nobody proven", () =>
  onShelf(async (shelf) => {
    const root = await put(shelf.vendor, image(), "1");
    await sign(shelf.vendor, root);
    const answer = await ask(shelf, by(keySigner().publicKeyPem));
    expect(answer).toMatchObject({
      outcome: "refused",
      referrers: [{ kind: "signature", proven: [] }],
    });
  }));

test("with a policy, nothing is read twice for what it claims", () =>
  onShelf(async (shelf) => {
    const signer = keySigner();
    const root = await put(shelf.vendor, image(), "1");
    await sign(shelf.vendor, root, signer);
    await ask(shelf, by(signer.publicKeyPem));
    const blobs = shelf.registry.requests
      .filter(({ kind, method }) => kind === "blob" && method === "GET")
      .map(({ path }) => path);
    expect(blobs).toEqual([...new Set(blobs)]);
    const manifests = shelf.registry.requests
      .filter(
        ({ kind, method, status }) =>
          kind === "manifest" && method === "GET" && status === 200,
      )
      .map(({ path }) => path);
    expect(manifests).toEqual([...new Set(manifests)]);
  }));

test("statements that BuildKit puts inside an index hang on the image that they are about", () =>
  onShelf(async (shelf) => {
    const sample = buildxIndex();
    await put(shelf.vendor, sample, "1");
    const [main] = sample.children;
    const answer = await ask(shelf);
    expect(answer).toMatchObject({
      referrers: [
        {
          parent: main?.descriptor.digest,
          kind: "provenance",
          via: "child",
          predicateTypes: ["https://slsa.dev/provenance/v0.2"],
          claimed: [],
        },
      ],
    });
    expect(String(answer["tree"]).split("\n")[2]).toMatch(
      /^ {3}└─ provenance .* inside the artifact /,
    );
  }));

test("a notation signature claims its certificate's subject", () =>
  onShelf(async (shelf) => {
    const root = await put(shelf.vendor, image(), "1");
    const signer = notationSigner();
    for (const form of ["jws", "cose"] as const) {
      const layer = notationLayer(root, signer, { form });
      await attachReferrer(shelf.vendor, notationReferrer(root, layer, signer));
    }
    const answer = await ask(shelf);
    const said = {
      kind: "signature",
      claimed: [{ subject: expect.stringContaining("acme") }],
    };
    expect(answer).toMatchObject({ referrers: [said, said] });
  }));

test("without the referrers API, its fallback tag is read", () =>
  onShelf(
    async (shelf) => {
      const root = await put(shelf.vendor, image(), "1");
      const sbom = sbomArtifact(root);
      await attachByFallback(shelf.vendor, root, sbom);
      expect(await ask(shelf)).toMatchObject({
        referrers: [{ digest: sbom.descriptor.digest, kind: "sbom" }],
      });
    },
    { referrersApi: false },
  ));

test("evidence that lies elsewhere is found where it is said to lie", () =>
  onShelf(async (shelf) => {
    const root = await put(shelf.vendor, image(), "1");
    await sign(inRegistry(shelf.registry, "acme/signatures"), root);
    expect(await ask(shelf)).toMatchObject({ referrers: [] });
    const elsewhere = `${shelf.registry.host}/acme/signatures`;
    expect(await ask(shelf, { repositories: [elsewhere] })).toMatchObject({
      referrers: [{ kind: "signature", repository: elsewhere }],
    });
  }));

test.each<[string, Action, string]>([
  ["is denied", { status: 403 }, "denied"],
  [
    "cannot be read",
    {
      swapBody: "{",
    },
    "corrupt",
  ],
])(
  "a list of referrers that %s is an error, and no empty tree",
  (_, action, fault) =>
    onShelf(async (shelf) => {
      await put(shelf.vendor, image(), "1");
      const times = Infinity;
      shelf.registry.misbehave({ path: /\/referrers\//, times, action });
      await expect(ask(shelf)).rejects.toMatchObject({ fault });
    }),
);

test("what is listed and is no evidence is set aside with its reason", () =>
  onShelf(async (shelf) => {
    const sample = buildxIndex();
    const root = await put(shelf.vendor, sample, "1");
    const layers = [
      {
        mediaType: "application/vnd.dev.cosign.simplesigning.v1+json",
        bytes: Buffer.from("{"),
      },
    ];
    await attachLegacy(shelf.vendor, root, { suffix: "sig", layers });
    const answer = await ask(shelf);
    expect(answer["tree"]).toContain("unreadable: ");
    expect(answer["referrers"]).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          kind: "signature",
          claimed: [expect.objectContaining({ problem: expect.any(String) })],
        }),
      ]),
    );
  }));

test.each<[string, Values, RegExp]>([
  ["no tag", { source: "reg.example/acme/app" }, /^source: name a tag/],
  ["no repository", { repositories: ["A B"] }, /^repositories\[0\]: /],
  ["an empty policy", { policy: {} }, /^policy/],
  ["an unknown policy", { policy: { use: "nobody" } }, /nobody/],
])("%s is told at the property", (_, args, expected) =>
  whileAsking([], async (asking) => {
    const values = { source: "reg.example/acme/app:1", ...args };
    await expect(asking.ask(getReferrers, values)).rejects.toThrow(expected);
  }),
);
