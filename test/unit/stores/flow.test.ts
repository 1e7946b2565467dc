import { digestOf } from "../../../provider/oci/digest";
import type { Source } from "../../../provider/mirror/ports";
import type { Descriptor } from "../../../provider/oci/descriptor";
import { heavy, send, uploadOf } from "./heavy";
import { loggedIn, useShop, type Copy } from "./shop";

const { copying } = useShop();
const mebibyte = 1024 * 1024;

/** The source of a copy, with other bytes under every blob. */
function giving(
  { source }: Copy,
  chunks: (signal: AbortSignal) => AsyncIterable<Uint8Array>,
): Source {
  return { ...source, open: (_, { signal }) => chunks(signal) };
}

async function* pieces(
  ...lengths: readonly number[]
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const length of lengths) yield Buffer.alloc(length, "x");
}

const described = (size: number): Descriptor => ({
  mediaType: "application/octet-stream",
  digest: digestOf(Buffer.alloc(size, "x")),
  size,
});

test.each([
  ["shorter", [50_000, 49_999]],
  ["longer", [50_000, 50_001]],
])(
  "W88: a source whose stream is %s than described is the source's fault, and nothing is completed",
  async (_, lengths) => {
    const copy = await copying();
    const source = giving(copy, () => pieces(...lengths));
    const by = { reach: copy.world.reach, onBytes: () => undefined };
    await expect(
      copy.destination.copyFrom(source, described(100_000), by),
    ).rejects.toMatchObject({
      code: "SIZE_MISMATCH",
      where: { side: "source" },
    });
    expect(uploadOf(copy).filter((one) => one.endsWith(" 201"))).toEqual([]);
    expect(copy.to.openUploads()).toEqual([]);
  },
);

test.each([401, 413, 429])(
  "W89: a %i that comes early stops the source at once",
  async (status) => {
    const copy = await copying();
    copy.to.misbehave({
      path: /uploads/,
      when: ({ headers }) => Number(headers["content-length"] ?? 0) > 0,
      times: Infinity,
      action: { status, statusAfter: 1, headers: { "retry-after": "86400" } },
    });
    let given = 0;
    let stopped = 0;
    const source = giving(copy, async function* (signal) {
      try {
        for (let count = 0; count < 512; count++) {
          signal.throwIfAborted();
          given += mebibyte;
          yield Buffer.alloc(mebibyte, "x");
        }
      } finally {
        stopped += 1;
      }
    });
    const blob = { ...described(1), size: 512 * mebibyte };
    const by = { reach: copy.world.reach, onBytes: () => undefined };
    await expect(
      copy.destination.copyFrom(source, blob, by),
    ).rejects.toBeDefined();
    expect(given).toBeLessThan(128 * mebibyte);
    expect(stopped).toBeGreaterThan(0);
  },
);

test("the source is asked while the destination opens its session", async () => {
  const copy = await copying();
  const blob = heavy(copy, 100_000);
  let isEarly = false;
  const source: Source = {
    ...copy.source,
    open: (...given) => {
      const chunks = copy.source.open(...given);
      return (async function* () {
        isEarly = copy.to.requests.length === 0;
        yield* chunks;
      })();
    },
  };
  const by = { reach: copy.world.reach, onBytes: () => undefined };
  await copy.destination.copyFrom(source, blob, { ...by, isAbsent: true });
  expect(isEarly).toBe(true);
});

test("a session that cannot be opened lets the source go", async () => {
  const copy = await copying();
  copy.to.misbehave({
    method: "POST",
    path: /uploads/,
    times: Infinity,
    action: { status: 403 },
  });
  let left = 0;
  const source = giving(copy, async function* () {
    try {
      yield* pieces(50_000, 50_000);
    } finally {
      left += 1;
    }
  });
  const by = { reach: copy.world.reach, onBytes: () => undefined };
  const blob = described(100_000);
  await expect(
    copy.destination.copyFrom(source, blob, { ...by, isAbsent: true }),
  ).rejects.toMatchObject({ fault: "denied" });
  await new Promise(setImmediate);
  expect(left).toBe(1);
});

test("F06: a source that hangs up on a slow destination is taken up again, and no byte goes over twice", async () => {
  const copy = await copying();
  const size = 8 * mebibyte;
  const blob = heavy(copy, size);
  copy.from.misbehave({
    method: "GET",
    path: /blobs/,
    action: { cutAt: 3 * mebibyte },
  });
  await expect(send(copy, blob)).resolves.toBe(size);
  expect(uploadOf(copy)).toEqual(["POST 0 202", `PUT ${size} 201`]);
  const ranges = copy.from.requests.map(({ headers }) => headers["range"]);
  expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=\d+-$/)]);
});

test("progress never passes the size, however often the bytes go over", async () => {
  const copy = await copying();
  const blob = heavy(copy, 300_000);
  copy.to.misbehave({
    method: "PUT",
    path: /uploads/,
    times: 2,
    action: { status: 500, statusAfter: 300_000 },
  });
  let told = 0;
  await copy.destination.copyFrom(copy.source, blob, {
    reach: copy.world.reach,
    onBytes: (count) => {
      expect(count).toBeGreaterThan(0);
      told += count;
    },
  });
  expect(told).toBe(300_000);
});

test.each([
  ["held in memory", 1000],
  ["streamed", 100_000],
])("W29: of a blob %s, a second 401 is final", async (_, size) => {
  const copy = await copying({ auth: "token" }, loggedIn);
  copy.to.misbehave({
    method: "PUT",
    path: /uploads/,
    times: Infinity,
    action: {
      status: 401,
      headers: {
        "www-authenticate": `Bearer realm="${copy.to.origin}/token",service="${copy.to.host}"`,
      },
    },
  });
  const blob = heavy(copy, size);
  const sent = copy.copyOne(blob);
  await expect(sent).rejects.toMatchObject({ code: "AUTH_DENIED" });
  const puts = copy.to.requests.filter(({ method }) => method === "PUT");
  expect(puts).toHaveLength(2);
});

test("F13: a token that runs out while a blob streams is renewed for one more session", async () => {
  const copy = await copying({ auth: "token" }, loggedIn);
  const blob = heavy(copy, 100_000);
  copy.to.misbehave({
    method: "PUT",
    path: /uploads/,
    action: { meanwhile: () => copy.to.expireTokens() },
  });
  await expect(send(copy, blob)).resolves.toBe(100_000);
  const puts = copy.to.requests.filter(({ method }) => method === "PUT");
  expect(puts.map(({ status }) => status)).toEqual([401, 201]);
  expect(copy.to.openUploads()).toEqual([]);
});
