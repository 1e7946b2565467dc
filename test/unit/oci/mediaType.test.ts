import {
  isIndexType,
  isManifestType,
  manifestTypes,
  mediaTypes,
  withoutParameters,
} from "../../../provider/oci/mediaType";

test.each([
  [mediaTypes.ociManifest, true, false],
  [mediaTypes.ociIndex, true, true],
  [mediaTypes.dockerManifest, true, false],
  [mediaTypes.dockerIndex, true, true],
  [mediaTypes.empty, false, false],
  ["application/json", false, false],
  ["", false, false],
])("%s: manifest %s, index %s", (type, manifest, index) => {
  expect(isManifestType(type)).toBe(manifest);
  expect(isIndexType(type)).toBe(index);
});

test("all four forms of a manifest are asked for (W50)", () => {
  expect([...manifestTypes].sort()).toEqual(
    [
      mediaTypes.ociManifest,
      mediaTypes.ociIndex,
      mediaTypes.dockerManifest,
      mediaTypes.dockerIndex,
    ].sort(),
  );
});

test.each([
  ["application/json", "application/json"],
  ["application/json; charset=utf-8", "application/json"],
  ["application/json;charset=utf-8;q=1", "application/json"],
  [" Application/JSON ;x\n=y", "application/json"],
  ["", ""],
])("parameters and case of %j are ignored (W55)", (given, type) => {
  expect(withoutParameters(given)).toBe(type);
});
