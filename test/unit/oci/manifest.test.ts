import { digestOf } from "../../../provider/oci/digest";
import {
  artifactTypeOf,
  blobsOf,
  childrenOf,
  parseManifest,
} from "../../../provider/oci/manifest";
import { mediaTypes } from "../../../provider/oci/mediaType";
import { malformed, utf8 } from "./malformed";

const { ociManifest, ociIndex, dockerManifest, dockerIndex } = mediaTypes;
const schema1 = "application/vnd.docker.distribution.manifest.v1+json";
const signed1 = "application/vnd.docker.distribution.manifest.v1+prettyjws";
const ociArtifact = "application/vnd.oci.artifact.manifest.v1+json";

const described = (text: string, mediaType = "application/x") => ({
  mediaType,
  digest: digestOf(utf8(text)),
  size: text.length,
});
const empty = described("{}", mediaTypes.empty);
const layer = described("layer");
const image = {
  schemaVersion: 2,
  mediaType: ociManifest,
  config: empty,
  layers: [layer],
};
const index = {
  schemaVersion: 2,
  mediaType: ociIndex,
  manifests: [described("child", ociManifest)],
};

test("an OCI manifest is read", () => {
  const subject = described("subject", ociManifest);
  const manifest = parseManifest(
    utf8({ ...image, artifactType: "a/b", subject, annotations: { k: "v" } }),
    ociManifest,
  );
  expect(manifest).toEqual({
    kind: "manifest",
    mediaType: ociManifest,
    artifactType: "a/b",
    config: empty,
    layers: [layer],
    subject,
    annotations: { k: "v" },
  });
  expect(childrenOf(manifest)).toEqual([]);
  expect(blobsOf(manifest)).toEqual([empty, layer]);
});

test("an OCI index is read", () => {
  const manifest = parseManifest(utf8(index), ociIndex);
  expect(manifest).toEqual({
    kind: "index",
    mediaType: ociIndex,
    manifests: index.manifests,
    annotations: {},
  });
  expect(childrenOf(manifest)).toEqual(index.manifests);
  expect(blobsOf(manifest)).toEqual([]);
});

test("W150: Docker's schema 2 manifest and list are read", () => {
  const manifest = parseManifest(
    utf8({ ...image, mediaType: dockerManifest }),
    dockerManifest,
  );
  const list = parseManifest(
    utf8({ ...index, mediaType: dockerIndex }),
    dockerIndex,
  );
  expect([manifest.kind, manifest.mediaType]).toEqual([
    "manifest",
    dockerManifest,
  ]);
  expect([list.kind, list.mediaType]).toEqual(["index", dockerIndex]);
});

test("an OCI body may leave its media type out, a Docker body may not (W55)", () => {
  const { mediaType: _, ...silent } = image;
  expect(parseManifest(utf8(silent), ociManifest).mediaType).toBe(ociManifest);
  expect(
    parseManifest(utf8({ ...index, mediaType: null }), ociIndex).kind,
  ).toBe("index");
  expect(
    malformed(() => parseManifest(utf8(silent), dockerManifest)).rule,
  ).toBe("manifest");
});

test("parameters and case of the Content-Type are ignored", () => {
  const type = `${ociManifest.toUpperCase()}; charset=utf-8`;
  expect(parseManifest(utf8(image), type).mediaType).toBe(ociManifest);
});

test("no layers, null layers and zero-byte layers are legal (W153)", () => {
  const layers = (value: unknown) =>
    blobsOf(parseManifest(utf8({ ...image, layers: value }), ociManifest));
  expect(layers([])).toEqual([empty]);
  expect(layers(null)).toEqual([empty]);
  expect(layers([described("")])).toEqual([empty, described("")]);
  expect(
    childrenOf(parseManifest(utf8({ ...index, manifests: null }), ociIndex)),
  ).toEqual([]);
});

test("a blob that stands in a manifest more than once is one blob, the first", () => {
  const again = { ...layer, annotations: { title: "second" } };
  const manifest = parseManifest(
    utf8({ ...image, layers: [layer, empty, again] }),
    ociManifest,
  );
  expect(blobsOf(manifest)).toEqual([empty, layer]);
});

test.each([
  [{ ...image, artifactType: "a/b" }, "a/b"],
  [
    {
      ...image,
      config: described("c", "application/vnd.cncf.helm.config.v1+json"),
    },
    "application/vnd.cncf.helm.config.v1+json",
  ],
  [image, mediaTypes.empty],
  [index, ociIndex],
  [{ ...index, artifactType: "a/b" }, "a/b"],
])(
  "W150: the artifact type is said, or follows from config or index, whatever it is",
  (body, type) => {
    const manifest = parseManifest(utf8(body), body.mediaType);
    expect(artifactTypeOf(manifest)).toBe(type);
  },
);

test.each([
  ["schema 1, by its header", { schemaVersion: 1 }, schema1, /schema 1/],
  ["signed schema 1, by its header", { schemaVersion: 1 }, signed1, /schema 1/],
  [
    "schema 1, by its body",
    { ...image, mediaType: schema1 },
    ociManifest,
    /schema 1/,
  ],
  [
    "schema 1, by its version",
    { ...image, schemaVersion: 1 },
    ociManifest,
    /schema 1/,
  ],
  [
    "schema 1, by its layers",
    { ...image, fsLayers: [] },
    ociManifest,
    /schema 1/,
  ],
  [
    "an OCI artifact manifest",
    { mediaType: ociArtifact },
    ociArtifact,
    /withdrawn/,
  ],
  [
    "an OCI artifact manifest, by its body",
    { ...image, mediaType: ociArtifact },
    ociManifest,
    /withdrawn/,
  ],
])("%s is refused by name (W151)", (...[, body, type, name]) => {
  const refused = malformed(() => parseManifest(utf8(body), type));
  expect(refused.rule).toBe("manifest");
  expect(refused.message).toMatch(name);
});

test.each([
  ["another version", { ...image, schemaVersion: 3 }, ociManifest],
  ["no version", { ...image, schemaVersion: undefined }, ociManifest],
  ["a version in a string", { ...image, schemaVersion: "2" }, ociManifest],
  ["a type that is no manifest's", image, "application/json"],
  ["no type", image, ""],
  [
    "a body that says index under a manifest's type (N25)",
    { ...image, mediaType: ociIndex },
    ociManifest,
  ],
  [
    "a body that says manifest under an index's type (N25)",
    { ...index, mediaType: ociManifest },
    ociIndex,
  ],
  [
    "Docker's body under OCI's type",
    { ...image, mediaType: dockerManifest },
    ociManifest,
  ],
  ["manifests beside layers (N24)", { ...image, manifests: [] }, ociManifest],
  ["layers beside manifests (N24)", { ...index, layers: null }, ociIndex],
  ["config beside manifests (N24)", { ...index, config: empty }, ociIndex],
  ["fsLayers beside manifests", { ...index, fsLayers: [] }, ociIndex],
  [
    "two sizes for one digest",
    { ...image, layers: [layer, { ...layer, size: 4 }] },
    ociManifest,
  ],
  [
    "10 001 layers",
    { ...image, layers: Array(10_001).fill(layer) },
    ociManifest,
  ],
  [
    "10 001 children",
    { ...index, manifests: Array(10_001).fill(layer) },
    ociIndex,
  ],
])("a manifest with %s is refused", (_, body, type) => {
  expect(malformed(() => parseManifest(utf8(body), type)).rule).toBe(
    "manifest",
  );
});

test.each([
  ["Layers alone", '{"schemaVersion":2,"Layers":[]}'],
  ["Layers beside layers (N21)", '{"schemaVersion":2,"layers":[],"Layers":[]}'],
  ["layers twice (N22)", '{"schemaVersion":2,"layers":[],"layers":[]}'],
  ["Subject beside subject (N23)", '{"subject":{},"Subject":{}}'],
  ["mediaType twice (N23)", '{"mediaType":"a","mediaType":"b"}'],
  ["a long s in a known key (N22)", '{"schemaVersion":2,"layer\u017f":[]}'],
  ["a Kelvin sign in a member's member", '{"x":{"k":1,"\u212a":2}}'],
  ["a list at the top", "[]"],
  ["no config", '{"schemaVersion":2,"layers":[]}'],
  ["no layers", `{"schemaVersion":2,"config":${JSON.stringify(empty)}}`],
  ["a number with an exponent", '{"schemaVersion":2e0}'],
  ["a media type that is no string", '{"schemaVersion":2,"mediaType":1}'],
])("a manifest with %s is refused as JSON", (_, text) => {
  expect(malformed(() => parseManifest(utf8(text), ociManifest)).rule).toBe(
    "json",
  );
});

test.each([
  [
    "an annotation that is no string",
    { ...image, annotations: { a: 1 } },
    "json",
  ],
  [
    "a path for a digest (N26)",
    { ...image, layers: [{ ...layer, digest: "sha256:../x" }] },
    "digest",
  ],
  ["a subject that is no descriptor", { ...image, subject: {} }, "json"],
  [
    "data that is not the content (W154, N57)",
    { ...image, config: { ...empty, data: "fXs=" } },
    "descriptor",
  ],
])("a manifest with %s is refused", (_, body, rule) => {
  expect(malformed(() => parseManifest(utf8(body), ociManifest)).rule).toBe(
    rule,
  );
});

test.each(["Subject", "Annotations", "ArtifactType", "Manifests", "fslayers"])(
  "a manifest with %s alone is refused, because Go takes it for the known member",
  (key) => {
    const read = () =>
      parseManifest(utf8({ ...image, [key]: null }), ociManifest);
    expect(malformed(read)).toEqual({
      rule: "json",
      message: expect.stringContaining(`has "${key}"`),
    });
  },
);

test("ten thousand layers and as many children are read", () => {
  const many = Array(10_000).fill(layer);
  expect(
    childrenOf(parseManifest(utf8({ ...index, manifests: many }), ociIndex)),
  ).toHaveLength(10_000);
  expect(
    blobsOf(parseManifest(utf8({ ...image, layers: many }), ociManifest)),
  ).toHaveLength(2);
});

test("annotations named like an object's own parts change nothing (N59)", () => {
  const text = JSON.stringify(image).replace(
    /}$/,
    ',"annotations":{"__proto__":"x","constructor":"y"}}',
  );
  const { annotations } = parseManifest(utf8(text), ociManifest);
  expect(Object.entries(annotations)).toEqual([
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
});
