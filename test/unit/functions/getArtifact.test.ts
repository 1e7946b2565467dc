import { getArtifact } from "../../../provider/functions/getArtifact";
import { parseDigest } from "../../../provider/oci/digest";
import { counts } from "../../registry/recorder";
import { startRegistry, type TestRegistry } from "../../registry/registry";
import {
  described,
  emptyConfig,
  image,
  index,
  manifest,
  multiArch,
} from "../../samples/artifacts";
import { buildxIndex, chart, wasm } from "../../samples/otherArtifacts";
import { inRegistry, put, type Sample } from "../../samples/target";
import { whileAsking, type Asking } from "./asking";

interface Shelf {
  readonly registry: TestRegistry;
  readonly asking: Asking;
  readonly source: string;
}

/** Puts a sample under a tag of a registry, and asks about it. */
async function onShelf(
  sample: Sample,
  work: (shelf: Shelf) => Promise<void>,
): Promise<void> {
  const registry = await startRegistry();
  try {
    await put(inRegistry(registry, "acme/app"), sample, "1");
    const source = `${registry.host}/acme/app:1`;
    await whileAsking([registry.host], (asking) =>
      work({ registry, asking, source }),
    );
  } finally {
    await registry.close();
  }
}

const sizeOf = ({ bytes, blobs }: Sample): number =>
  blobs.reduce((sum, blob) => sum + blob.length, bytes.length);

test("an image is told with its platform, its layers and all its bytes, by one manifest and one config", () => {
  const sample = image({ annotations: { "org.example.team": "acme" } });
  return onShelf(sample, async ({ registry, asking, source }) => {
    const { digest, size } = sample.descriptor;
    expect(await asking.ask(getArtifact, { source })).toMatchObject({
      source,
      digest,
      ref: `${registry.host}/acme/app@${digest}`,
      kind: "image",
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      artifactType: "application/vnd.oci.image.config.v1+json",
      size,
      totalSize: sizeOf(sample),
      platforms: ["linux/amd64"],
      manifests: [],
      layers: [{ size: 1000 }],
      annotations: { "org.example.team": "acme" },
    });
    expect(counts(registry.requests)).toEqual({
      "GET manifest": 1,
      "GET blob": 1,
    });
  });
});

test("an index is told with every manifest below it; with platforms, only those count", () => {
  const sample = multiArch();
  const [first, second] = sample.children;
  return onShelf(sample, async ({ asking, source }) => {
    const answer = await asking.ask(getArtifact, { source });
    expect(answer).toMatchObject({
      kind: "index",
      platforms: ["linux/amd64", "linux/arm64/v8"],
      manifests: [
        { digest: first?.descriptor.digest, platform: "linux/amd64" },
        { digest: second?.descriptor.digest, platform: "linux/arm64/v8" },
      ],
      layers: [],
    });
    expect(answer["config"]).toBeUndefined();
    const one = await asking.ask(getArtifact, {
      source,
      platforms: ["linux/arm64/v8"],
    });
    expect(one).toMatchObject({
      digest: sample.descriptor.digest,
      platforms: ["linux/arm64/v8"],
      totalSize: sample.bytes.length + (second ? sizeOf(second) : 0),
    });
  });
});

test("what BuildKit puts beside an image is told by what it states, and runs on nothing", () =>
  onShelf(buildxIndex(), async ({ asking, source }) => {
    expect(await asking.ask(getArtifact, { source })).toMatchObject({
      platforms: [expect.stringMatching(/^linux\/amd64$/)],
      manifests: [{ kind: "image" }, { kind: "provenance" }],
    });
  }));

test.each<[string, Sample, string]>([
  ["a Helm chart", chart(), "chart"],
  ["a WebAssembly module", wasm(), "wasm"],
  [
    "an SBOM",
    manifest({
      artifactType: "application/vnd.cyclonedx+json",
      config: emptyConfig,
      layers: [],
    }),
    "sbom",
  ],
  [
    "a notation signature",
    manifest({
      artifactType: "application/vnd.cncf.notary.signature",
      config: emptyConfig,
      layers: [],
    }),
    "signature",
  ],
  [
    "something that nobody knows",
    manifest({
      artifactType: "application/vnd.example.thing",
      config: emptyConfig,
      layers: [],
    }),
    "artifact",
  ],
])("%s is told by its type", (_, sample, kind) =>
  onShelf(sample, async ({ asking, source }) => {
    const answer = await asking.ask(getArtifact, { source });
    expect(answer).toMatchObject({ kind, platforms: [] });
  }),
);

test("when it was made is said by the annotation, else by the config; what is no time is not told", async () => {
  const at = (text: string) =>
    image({ annotations: { "org.opencontainers.image.created": text } });
  await onShelf(at("2026-01-02T03:04:05+01:00"), async ({ asking, source }) => {
    const answer = await asking.ask(getArtifact, { source });
    expect(answer["created"]).toBe("2026-01-02T02:04:05.000Z");
  });
  await onShelf(at("yesterday"), async ({ asking, source }) => {
    const answer = await asking.ask(getArtifact, { source });
    expect(answer["created"]).toBeUndefined();
  });
  const config = {
    mediaType: "application/vnd.oci.image.config.v1+json",
    bytes: Buffer.from(JSON.stringify({ created: "2025-05-05T00:00:00Z" })),
  };
  const child = manifest({ config, layers: [], platform: "linux/amd64" });
  await onShelf(index([child]), async ({ asking, source }) => {
    const answer = await asking.ask(getArtifact, { source });
    expect(answer["created"]).toBe("2025-05-05T00:00:00.000Z");
  });
});

test("annotations are bounded, and cannot move a cursor", () => {
  const many = Object.fromEntries(
    Array.from({ length: 300 }, (_, nth) => [
      `a${`${nth}`.padStart(3, "0")}`,
      "\u001b[31mred\u202e",
    ]),
  );
  return onShelf(image({ annotations: many }), async ({ asking, source }) => {
    const answer = await asking.ask(getArtifact, { source });
    expect(Object.keys(Object(answer["annotations"]))).toHaveLength(200);
    expect(answer).toMatchObject({
      annotations: { a000: " [31mred " },
      omitted: 100,
    });
  });
});

test("a config that is broken or missing does not hide the artifact", async () => {
  const broken = manifest({
    config: {
      mediaType: "application/vnd.oci.image.config.v1+json",
      bytes: Buffer.from("{"),
    },
    layers: [],
  });
  await onShelf(broken, async ({ asking, source }) => {
    const answer = await asking.ask(getArtifact, { source });
    expect(answer).toMatchObject({ kind: "image", platforms: [] });
  });
});

test("a name that this process has asked already is not asked again", () => {
  const sample = image();
  return onShelf(sample, async ({ registry, asking, source }) => {
    const { digest, mediaType, size } = sample.descriptor;
    const seen = { digest: parseDigest(digest), mediaType, size };
    asking.world.memory.sources.set(source, seen);
    await asking.ask(getArtifact, { source });
    const paths = registry.requests.map(({ path }) => path);
    expect(paths).not.toContain("/v2/acme/app/manifests/1");
    expect(counts(registry.requests)).toEqual({
      "GET manifest": 1,
      "GET blob": 1,
    });
  });
});

test.each<[string, object, RegExp]>([
  ["no reference", { source: "Not A Reference" }, /^source: /],
  ["no tag", { source: "reg.example/acme/app" }, /^source: name a tag/],
  ["no platform", { platforms: ["linux"] }, /^platforms\[0\]: /],
  ["no digest", { digest: "sha256:1" }, /^digest: /],
  ["an unknown word", { colour: "red" }, /colour/],
])("%s is told at the property", (_, args, expected) =>
  whileAsking([], async (asking) => {
    const values = { source: "reg.example/acme/app:1", ...args };
    await expect(asking.ask(getArtifact, values)).rejects.toThrow(expected);
  }),
);

test("a tag that is not there is an error, and no empty answer", () =>
  onShelf(image(), async ({ asking, source }) => {
    const values = { source: source.replace(/:1$/, ":2") };
    await expect(asking.ask(getArtifact, values)).rejects.toMatchObject({
      fault: "absent",
      code: "NOT_FOUND_MANIFEST",
    });
  }));

test("a title names a layer", () => {
  const sample = manifest({
    artifactType: "application/vnd.example.thing",
    config: emptyConfig,
    layers: [
      {
        mediaType: "text/plain",
        bytes: Buffer.from("hello"),
        annotations: { "org.opencontainers.image.title": "hello.txt" },
      },
    ],
  });
  return onShelf(described(sample, {}), async ({ asking, source }) => {
    expect(await asking.ask(getArtifact, { source })).toMatchObject({
      layers: [{ title: "hello.txt", size: 5 }],
    });
  });
});
