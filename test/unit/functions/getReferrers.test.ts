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
import { attestationLayer } from "../../samples/legacyEvidence";
import { buildxIndex, sbomArtifact } from "../../samples/otherArtifacts";
import { keySigner } from "../../samples/signers";
import { inRegistry, put, type SampleDescriptor } from "../../samples/target";
import { ask, onShelf, sign } from "./evidenceShelf";

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

test("more words about an artifact than an answer can hold are an error, and no part of them", () =>
  onShelf(
    async (shelf) => {
      const root = await put(shelf.vendor, image(), "1");
      const annotations = Object.fromEntries(
        Array.from({ length: 200 }, (_, nth) => [`a${nth}`, "x".repeat(1000)]),
      );
      for (let nth = 0; nth < 90; nth++)
        await attachReferrer(
          shelf.vendor,
          image({ seed: `${nth}`, subject: root, annotations }),
        );
      await expect(ask(shelf)).rejects.toMatchObject({
        code: "LIMIT_EXCEEDED",
        message: expect.stringContaining("16 MiB"),
      });
    },
    { pageSize: 10 },
  ));
