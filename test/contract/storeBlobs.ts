import { blobOf, memorySource, spoiled } from "./storeSamples";
import { drain, faultOf, quiet, type StoreUnderTest } from "./storeUnderTest";

const big = blobOf(Buffer.alloc(3 * 1024 * 1024, "0123456789abcdef-"));
const samples = memorySource([big]);

/** Copying blobs. */
export function describeBlobs(use: () => StoreUnderTest): void {
  test("a blob is copied once, its bytes are counted, and the second time nothing crosses the wire", async () => {
    const { destination, source, reach } = use();
    const counts: number[] = [];
    const copy = () =>
      destination.copyFrom(samples, big.descriptor, {
        reach,
        onBytes: (count) => counts.push(count),
      });
    expect(await source.has(big.descriptor, reach)).toBe(false);
    expect(await copy()).toBe(big.bytes.length);
    expect(sum(counts)).toBe(big.bytes.length);
    expect(await source.has(big.descriptor, reach)).toBe(true);
    expect(await copy()).toBe(0);
    expect(sum(counts)).toBe(big.bytes.length);
    expect(Buffer.compare(await drain(use(), big), big.bytes)).toBe(0);
  });

  test.each([
    ["zero bytes", blobOf("")],
    ["a sha512 digest", blobOf("long", "sha512")],
  ])("a blob with %s is a blob like others", async (_, blob) => {
    const { destination, source, reach } = use();
    const from = memorySource([blob]);
    await destination.copyFrom(from, blob.descriptor, quiet(reach));
    expect(await source.has(blob.descriptor, reach)).toBe(true);
    expect(Buffer.from(await source.read(blob.descriptor, 100, reach))).toEqual(
      blob.bytes,
    );
    expect(await drain(use(), blob)).toEqual(blob.bytes);
  });

  test.each([
    ["other bytes", spoiled(big)],
    ["too few bytes", big.bytes.subarray(1)],
    ["too many bytes", Buffer.concat([big.bytes, Buffer.from("x")])],
    ["no bytes", Buffer.alloc(0)],
  ])("a source that gives %s leaves nothing behind", async (_, lie) => {
    const { destination, source, reach } = use();
    const liar = memorySource([big], new Map([[big.descriptor.digest, lie]]));
    const copy = destination.copyFrom(liar, big.descriptor, quiet(reach));
    expect(await faultOf(copy)).toBe("corrupt");
    expect(await source.has(big.descriptor, reach)).toBe(false);
    await destination.copyFrom(samples, big.descriptor, quiet(reach));
    expect(await source.has(big.descriptor, reach)).toBe(true);
  });
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
