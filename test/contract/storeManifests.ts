import { MirrorError } from "../../provider/mirror/errors";
import { mediaTypes } from "../../provider/oci/mediaType";
import { artifact, blobOf, nodeOf } from "./storeSamples";
import { bring, putTagged, type StoreUnderTest } from "./storeUnderTest";

const mebibyte = 1024 * 1024;
const layer = blobOf("a layer");
const image = nodeOf(mediaTypes.ociManifest, {
  config: { ...blobOf('{"os":"linux"}').descriptor, mediaType: "a/config" },
  layers: [layer.descriptor],
});

/** Putting and removing manifests. */
export function describeManifests(use: () => StoreUnderTest): void {
  test("a manifest is found by its digest, and its bytes are the same to the last blank", async () => {
    const { destination, source, reach } = use();
    await bring(use(), layer);
    await bring(use(), blobOf('{"os":"linux"}'));
    for (let times = 0; times < 2; times += 1) {
      await destination.put(image, reach);
      expect(
        await source.resolve(image.descriptor.digest, reach),
      ).toMatchObject(image.descriptor);
    }
    expect(await source.has(image.descriptor, reach)).toBe(true);
    const bytes = await source.read(image.descriptor, mebibyte, reach);
    expect(Buffer.from(bytes)).toEqual(image.bytes);
  });

  test("an index and its children are found by their digests", async () => {
    const { destination, source, reach } = use();
    const children = [artifact("one"), artifact("two")];
    const index = nodeOf(mediaTypes.ociIndex, {
      manifests: children.map((child) => child.descriptor),
    });
    for (const node of [...children, index]) {
      await destination.put(node, reach);
    }
    for (const { descriptor } of [...children, index]) {
      expect(await source.resolve(descriptor.digest, reach)).toMatchObject(
        descriptor,
      );
    }
  });

  test("bytes that are not the described ones are not put", async () => {
    const { destination, source, reach } = use();
    const node = { ...artifact("good"), bytes: artifact("evil").bytes };
    await expect(destination.put(node, reach)).rejects.toThrow(MirrorError);
    expect(await source.has(node.descriptor, reach)).toBe(false);
    expect(await source.resolve(node.descriptor.digest, reach)).toBe(undefined);
  });

  test("a removed manifest is gone with all its tags, and others stay", async () => {
    const { destination, source, reach } = use();
    const [gone, kept] = [artifact("gone"), artifact("kept")];
    await putTagged(use(), gone, ["a", "b"]);
    await putTagged(use(), kept, ["c"]);
    for (let times = 0; times < 2; times += 1) {
      await destination.remove(gone.descriptor, reach);
      expect(await source.tags(reach)).toEqual(["c"]);
      expect(await source.has(gone.descriptor, reach)).toBe(false);
      expect(await source.resolve(gone.descriptor.digest, reach)).toBe(
        undefined,
      );
      expect(await source.resolve("a", reach)).toBe(undefined);
    }
    expect(await source.resolve("c", reach)).toMatchObject(kept.descriptor);
  });
}
