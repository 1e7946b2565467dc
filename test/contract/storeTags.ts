import { MirrorError } from "../../provider/mirror/errors";
import { artifact } from "./storeSamples";
import { putTagged, type StoreUnderTest } from "./storeUnderTest";

/** Setting, listing and removing tags. */
export function describeTags(use: () => StoreUnderTest): void {
  test("a tag names what it was last set to, and what it named before stays", async () => {
    const { destination, source, reach } = use();
    const [old, young] = [artifact("old"), artifact("young")];
    await destination.put(old, reach);
    expect(await source.resolve("v1", reach)).toBe(undefined);
    for (const node of [old, old, young, young]) {
      await putTagged(use(), node, ["v1"]);
      expect(await source.resolve("v1", reach)).toMatchObject(node.descriptor);
    }
    expect(await source.resolve(old.descriptor.digest, reach)).toMatchObject(
      old.descriptor,
    );
    expect(await source.tags(reach)).toEqual(["v1"]);
  });

  test("all tags are listed, each once, sorted", async () => {
    const { source, reach } = use();
    await putTagged(use(), artifact("one"), ["b", "A", "10"]);
    await putTagged(use(), artifact("two"), ["a", "9", "b"]);
    expect(await source.tags(reach)).toEqual(["10", "9", "A", "a", "b"]);
  });

  test("a removed tag is gone, and its manifest and the other tags stay", async () => {
    const { destination, source, reach } = use();
    const node = artifact("tagged");
    await putTagged(use(), node, ["a", "b"]);
    for (const gone of ["a", "b", "b"]) {
      await destination.untag(gone, reach);
      expect(await source.resolve(gone, reach)).toBe(undefined);
      expect(await source.resolve(node.descriptor.digest, reach)).toMatchObject(
        node.descriptor,
      );
      expect(await source.tags(reach)).toEqual(gone === "a" ? ["b"] : []);
    }
  });

  test("what is not there cannot be tagged", async () => {
    const { destination, source, reach } = use();
    await expect(
      destination.tag("v1", artifact("nowhere"), reach),
    ).rejects.toThrow(MirrorError);
    expect(await source.resolve("v1", reach)).toBe(undefined);
  });
}
