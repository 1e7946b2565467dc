import { parseDescriptor } from "../../../provider/oci/descriptor";
import { digestOf } from "../../../provider/oci/digest";
import { readJson } from "../../../provider/oci/json";
import { malformed, utf8 } from "./malformed";

const digest = digestOf(utf8("{}"));
const plain = { mediaType: "application/x", digest, size: 2 };
const read = (value: unknown) =>
  parseDescriptor(readJson(utf8(value), { integersOnly: true }), "layers[0]");

test("a plain descriptor has three members and no others", () => {
  expect(read(plain)).toStrictEqual(plain);
});

test("every member that the spec knows is read, and others are left", () => {
  const described = read({
    ...plain,
    artifactType: "application/y",
    annotations: { k: "v" },
    platform: { os: "linux", architecture: "arm", variant: "v7" },
    urls: ["https://elsewhere.example/x"],
    data: "e30=",
    somethingNew: { size: -1 },
  });
  expect(described).toEqual({
    ...plain,
    artifactType: "application/y",
    annotations: { k: "v" },
    platform: { os: "linux", architecture: "arm", variant: "v7" },
    urls: ["https://elsewhere.example/x"],
    data: Buffer.from("{}"),
  });
});

test("null is absent, as Go reads it", () => {
  const nulls = { artifactType: null, annotations: null, platform: null };
  expect(read({ ...plain, ...nulls, urls: null, data: null })).toStrictEqual(
    plain,
  );
});

test("zero bytes and sha512 are legal (W153)", () => {
  const none = digestOf(utf8(""), "sha512");
  expect(read({ ...plain, digest: none, size: 0, data: "" })).toEqual({
    ...plain,
    digest: none,
    size: 0,
    data: Buffer.alloc(0),
  });
});

test.each([
  ["9007199254740992", "beyond 2^53-1"],
  ["-1", "negative"],
  ["-0", "minus zero"],
  ["1e3", "an exponent"],
  ["1.0", "a fraction"],
  ['"5"', "a string"],
  ["null", "null"],
])("a size of %s is refused: %s (N29)", (size) => {
  const text = `{"mediaType":"a/b","digest":"${digest}","size":${size}}`;
  const refused = malformed(() =>
    parseDescriptor(
      readJson(utf8(text), { integersOnly: true }),
      "manifest.config",
    ),
  );
  expect(refused.rule).toBe("json");
});

test.each([
  ["no digest", { digest: undefined }, "json"],
  ["a path for a digest", { digest: "sha256:../../x" }, "digest"],
  ["no size", { size: undefined }, "json"],
  ["no media type", { mediaType: undefined }, "json"],
  ["an empty media type", { mediaType: "" }, "descriptor"],
  ["a line end in its media type", { mediaType: "a/b\r\nX: y" }, "descriptor"],
  [
    "a media type of 256 characters",
    { mediaType: "a".repeat(256) },
    "descriptor",
  ],
  ["Digest beside digest", { Digest: digest }, "json"],
  ["Annotations alone", { Annotations: {} }, "json"],
  ["annotations that are not strings", { annotations: { a: 1 } }, "json"],
  ["urls that are not strings", { urls: [1] }, "json"],
  ["data that is not base64", { data: "e30" }, "descriptor"],
  ["data that is no string", { data: 1 }, "json"],
  ["data of another length", { data: "e30K" }, "descriptor"],
  ["data with another digest", { data: "fXs=" }, "descriptor"],
])("a descriptor with %s is refused", (_, change, rule) => {
  expect(malformed(() => read({ ...plain, ...change })).rule).toBe(rule);
});

test("a refusal says where, and what data was found instead (N57)", () => {
  const { message } = malformed(() => read({ ...plain, data: "fXs=" }));
  expect(message).toContain("layers[0].data");
  expect(message).toContain(digest);
  expect(message).toContain(digestOf(utf8("}{")));
});
