import { digestOf } from "../../../provider/oci/digest";
import type { RegistryOptions } from "../../registry/registry";
import { useShop, type Reading } from "./shop";

const { reading } = useShop();
const bytes = Buffer.alloc(3 * 1024 * 1024, "blob");
const blob = {
  mediaType: "application/octet-stream",
  digest: digestOf(bytes),
  size: bytes.length,
};

async function streaming(options: RegistryOptions = {}): Promise<Reading> {
  const world = await reading(options);
  world.registry.putBlob("team/app", bytes);
  return world;
}

async function drain({ store, reach }: Reading): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.open(blob, reach))
    chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

test.each([1, 65_536, 2_000_000, bytes.length - 1])(
  "W73, F01: cut once at %i, it is taken up with a Range",
  async (cutAt) => {
    const world = await streaming();
    world.registry.misbehave({
      method: "GET",
      path: /blobs/,
      action: { cutAt },
    });
    expect(bytes.equals(await drain(world))).toBe(true);
    expect(
      world.registry.requests.map(({ headers }) => headers["range"]),
    ).toEqual([undefined, expect.stringMatching(/^bytes=\d+-$/)]);
    const sent = world.registry.requests.reduce(
      (sum, one) => sum + one.responseBytes,
      0,
    );
    expect(sent).toBeLessThanOrEqual(bytes.length + 64 * 1024);
  },
);

test("cut before the first byte, it is asked for again", async () => {
  const world = await streaming();
  world.registry.misbehave({
    method: "GET",
    path: /blobs/,
    action: { cutAt: 0 },
  });
  expect(bytes.equals(await drain(world))).toBe(true);
});

test("F02: a server that ignores Range and begins anew is read past what is here", async () => {
  const world = await streaming({ ranges: false });
  world.registry.misbehave({
    method: "GET",
    path: /blobs/,
    action: { cutAt: 2_000_000 },
  });
  expect(bytes.equals(await drain(world))).toBe(true);
});

test("F03: a wrong Content-Range is refused, and the whole is asked for", async () => {
  const world = await streaming();
  world.registry.misbehave({
    method: "GET",
    path: /blobs/,
    action: { cutAt: 2_000_000 },
  });
  world.registry.misbehave({
    method: "GET",
    path: /blobs/,
    nth: 1,
    action: {
      rewriteHeader: {
        "content-range": `bytes 0-${bytes.length - 1}/${bytes.length}`,
      },
    },
  });
  expect(bytes.equals(await drain(world))).toBe(true);
  expect(world.registry.requests.at(-1)?.headers["range"]).toBeUndefined();
});

test("W75: cut for ever, it ends in NETWORK after six tries", async () => {
  const world = await streaming();
  world.registry.misbehave({
    method: "GET",
    path: /blobs/,
    times: Infinity,
    action: { cutAt: 10 },
  });
  await expect(drain(world)).rejects.toMatchObject({
    fault: "unreachable",
    code: "NETWORK",
  });
  expect(world.registry.requests.length).toBeLessThanOrEqual(7);
});

test("one wrong bit is a DIGEST_MISMATCH, and the last chunk is never handed out", async () => {
  const world = await streaming();
  world.registry.misbehave({
    method: "GET",
    path: /blobs/,
    action: { flipBit: 17 },
  });
  let handedOut = 0;
  const drained = (async () => {
    for await (const chunk of world.store.open(blob, world.reach))
      handedOut += chunk.byteLength;
  })();
  await expect(drained).rejects.toMatchObject({
    fault: "corrupt",
    code: "DIGEST_MISMATCH",
  });
  expect(handedOut).toBeLessThan(bytes.length);
});

test.each([
  ["shorter", bytes.subarray(1)],
  ["longer", Buffer.concat([bytes, Buffer.from("!")])],
])("a %s body is a SIZE_MISMATCH", async (_, swapBody) => {
  const world = await streaming();
  world.registry.misbehave({
    method: "GET",
    path: /blobs/,
    action: { swapBody },
  });
  await expect(drain(world)).rejects.toMatchObject({ code: "SIZE_MISMATCH" });
});
