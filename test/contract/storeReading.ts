import { mediaTypes } from "../../provider/oci/mediaType";
import {
  artifact,
  blobOf,
  memorySource,
  nodeOf,
  spoiled,
} from "./storeSamples";
import { bring, faultOf, quiet, type StoreUnderTest } from "./storeUnderTest";

const mebibyte = 1024 * 1024;
const big = blobOf(Buffer.alloc(3 * mebibyte, "0123456789abcdef-"));
const layer = blobOf("a layer");
const image = nodeOf(mediaTypes.ociManifest, {
  config: layer.descriptor,
  layers: [],
});
const samples = memorySource([big]);

/** Reading what is there, what is not, and what is wrong. */
export function describeReading(use: () => StoreUnderTest): void {
  test("other bytes under a digest are refused, and the last of them are never handed out", async () => {
    const { source, reach } = use();
    await bring(use(), big);
    await use().plant(big.descriptor.digest, spoiled(big));
    const handed: Uint8Array[] = [];
    const open = async () => {
      for await (const chunk of source.open(big.descriptor, reach)) {
        handed.push(Buffer.from(chunk));
      }
    };
    expect(await faultOf(open())).toBe("corrupt");
    expect(Buffer.concat(handed).length).toBeLessThan(big.bytes.length);
    const read = source.read(big.descriptor, 9 * mebibyte, reach);
    expect(await faultOf(read)).toBe("corrupt");
  });

  test("other bytes under a manifest's digest are refused", async () => {
    const { source, reach } = use();
    const node = artifact("good");
    await use().destination.put(node, reach);
    await use().plant(node.descriptor.digest, spoiled(node));
    const read = source.read(node.descriptor, mebibyte, reach);
    expect(await faultOf(read)).toBe("corrupt");
  });

  test("no more is read than allowed, and that is decided by the descriptor alone", async () => {
    const { source, reach } = use();
    const huge = { ...layer.descriptor, size: 10 * 1024 * mebibyte };
    expect(await faultOf(source.read(huge, mebibyte, reach))).toBe("exceeded");
  });

  test("what is not there is absent", async () => {
    const { source, reach } = use();
    const open = async () => {
      for await (const _ of source.open(layer.descriptor, reach)) break;
    };
    expect(await source.has(layer.descriptor, reach)).toBe(false);
    expect(await source.has(image.descriptor, reach)).toBe(false);
    expect(await faultOf(open())).toBe("absent");
    for (const node of [layer.descriptor, image.descriptor]) {
      expect(await faultOf(source.read(node, mebibyte, reach))).toBe("absent");
    }
  });

  test("a stopped run stops", async () => {
    const { destination, reach } = use();
    const stopped = { ...reach, signal: AbortSignal.abort() };
    const copy = destination.copyFrom(samples, big.descriptor, quiet(stopped));
    expect(await faultOf(copy)).toBe("cancelled");
    expect(await faultOf(destination.resolve("x", stopped))).toBe("cancelled");
  });
}
