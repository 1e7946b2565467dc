import type { Reach, Request, Response } from "../../../provider/mirror/ports";
import { digestOf } from "../../../provider/oci/digest";
import { mediaTypes } from "../../../provider/oci/mediaType";
import { openRegistries } from "../../../provider/stores/registry/registry";
import { noAnswer } from "../../../provider/stores/registry/wire/noAnswer";
import { fakeClock, referenceTo } from "./opened";
import { reachBy } from "./script";

const origin = "https://reg.example";
const cdn = "https://cdn.example";

interface Served {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Uint8Array>;
}

/** A source whose every answer a function makes, with bodies that come in pieces. */
function sourceBy(answer: (request: Request, nth: number) => Served) {
  const requests: Request[] = [];
  let letGo = 0;
  const send = async (request: Request): Promise<Response> => {
    requests.push(request);
    const {
      status = 200,
      headers = {},
      body,
    } = answer(request, requests.length);
    return {
      status,
      headers,
      body: body ?? pieces(),
      discard: async () => {
        letGo += 1;
      },
    };
  };
  const registries = openRegistries({
    registries: [],
    credentials: async () => undefined,
    clock: fakeClock(),
  });
  const store = registries(referenceTo("reg.example/a/b"), {
    side: "source",
    isWriter: false,
  });
  const reach: Reach = reachBy(send);
  return { store, reach, requests, letGo: () => letGo };
}

async function* pieces(
  ...chunks: readonly (Uint8Array | Error)[]
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk;
    yield chunk;
  }
}

const bytes = Buffer.from("0123456789");
const blob = {
  mediaType: "application/octet-stream",
  digest: digestOf(bytes),
  size: bytes.length,
};

async function drain(
  { store, reach }: Pick<ReturnType<typeof sourceBy>, "store" | "reach">,
  handedOut: Uint8Array[] = [],
): Promise<Buffer> {
  for await (const chunk of store.open(blob, reach))
    handedOut.push(Buffer.from(chunk));
  return Buffer.concat(handedOut);
}

function manifestOf(size: number): Buffer {
  const empty = {
    mediaType: mediaTypes.empty,
    digest: digestOf(Buffer.from("{}")),
    size: 2,
  };
  const text = (pad: string): string =>
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: empty,
      layers: [empty],
      annotations: { pad },
    });
  return Buffer.from(text("x".repeat(size - text("").length)));
}

const limit = 4 * 1024 * 1024;

test.each([limit - 1, limit])(
  "W54: a manifest of %i bytes is read, whatever its length was said to be",
  async (size) => {
    const body = manifestOf(size);
    const headers = { "content-type": mediaTypes.ociManifest };
    const { store, reach } = sourceBy(({ method }) =>
      method === "HEAD" ? { headers } : { headers, body: pieces(body) },
    );
    await expect(store.resolve("1", reach)).resolves.toMatchObject({
      digest: digestOf(body),
      size,
    });
  },
);

test("W54: of a manifest without a length no more than 4 MiB is read", async () => {
  const headers = { "content-type": mediaTypes.ociManifest };
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      read += 65_536;
      yield Buffer.alloc(65_536, " ");
    }
  }
  const { store, reach } = sourceBy(({ method }) =>
    method === "HEAD" ? { headers } : { headers, body: endless() },
  );
  await expect(store.resolve("1", reach)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
  expect(read).toBeLessThan(limit + 4 * 65_536);
});

test("W71: a blob is asked for as it is, and refused in an encoding that nobody asked for", async () => {
  const world = sourceBy(() => ({
    headers: { "content-encoding": "gzip" },
    body: pieces(bytes),
  }));
  const handedOut: Uint8Array[] = [];
  await expect(drain(world, handedOut)).rejects.toMatchObject({
    code: "PROTOCOL",
    message: expect.stringContaining("encoded as gzip"),
  });
  expect(handedOut).toEqual([]);
  expect(world.requests[0]?.headers["accept-encoding"]).toBe("identity");
});

test("W72: a body without end is left as soon as it is longer than what was described", async () => {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      read += 1;
      yield Buffer.from("0123");
    }
  }
  const world = sourceBy(() => ({ body: endless() }));
  await expect(drain(world)).rejects.toMatchObject({ code: "SIZE_MISMATCH" });
  expect(read).toBeLessThanOrEqual(5);
  expect(world.letGo()).toBe(1);
});

test("N27: bytes behind the described ones are refused, and whoever stopped before has not the whole", async () => {
  const world = sourceBy(() => ({
    body: pieces(bytes.subarray(0, 4), bytes.subarray(4), Buffer.from("more")),
  }));
  const handedOut: Uint8Array[] = [];
  await expect(drain(world, handedOut)).rejects.toMatchObject({
    code: "SIZE_MISMATCH",
  });
  expect(Buffer.concat(handedOut).length).toBeLessThan(bytes.length);
});

test("N27: a reader that stops early lets the answer go", async () => {
  const { store, reach, letGo } = sourceBy(() => ({
    body: pieces(bytes.subarray(0, 4), bytes.subarray(4)),
  }));
  for await (const chunk of store.open(blob, reach)) {
    expect(chunk).toBeDefined();
    break;
  }
  expect(letGo()).toBe(1);
});

test("W76: a download from a CDN that is cut goes on at the registry, which signs a new address", async () => {
  let signed = 0;
  const closed = new Error("other side closed");
  const cut = Object.assign(closed, { code: "UND_ERR_SOCKET" });
  const lost = noAnswer(cut, "cdn.example");
  const world = sourceBy(({ url, headers }): Served => {
    if (url.origin === origin)
      return {
        status: 307,
        headers: { location: `${cdn}/blob?sig=${(signed += 1)}` },
      };
    const isFirst = url.searchParams.get("sig") === "1";
    if (isFirst) return { body: pieces(bytes.subarray(0, 6), lost) };
    const from = Number(/^bytes=(\d+)-$/.exec(headers["range"] ?? "")?.[1]);
    return {
      status: 206,
      headers: { "content-range": `bytes ${from}-9/10` },
      body: pieces(bytes.subarray(from)),
    };
  });
  expect(bytes.equals(await drain(world))).toBe(true);
  expect(world.requests.map(({ url }) => url.href)).toEqual([
    `${origin}/v2/a/b/blobs/${blob.digest}`,
    `${cdn}/blob?sig=1`,
    `${origin}/v2/a/b/blobs/${blob.digest}`,
    `${cdn}/blob?sig=2`,
  ]);
});

test("W77: a blob without Content-Length is counted, and taken up where it ended too early", async () => {
  const world = sourceBy((_, nth) =>
    nth === 1
      ? { body: pieces(bytes.subarray(0, 7)) }
      : {
          status: 206,
          headers: { "content-range": "bytes 7-9/10" },
          body: pieces(bytes.subarray(7)),
        },
  );
  expect(bytes.equals(await drain(world))).toBe(true);
  expect(world.requests.map(({ headers }) => headers["range"])).toEqual([
    undefined,
    "bytes=7-",
  ]);
});

test("W104: referrers are asked for without a filter, and none is left out that the host says it filtered", async () => {
  const subject = digestOf(Buffer.from("subject"));
  const manifests = ["a/one", "a/two"].map((artifactType) => ({
    mediaType: mediaTypes.ociManifest,
    digest: digestOf(Buffer.from(artifactType)),
    size: 1,
    artifactType,
  }));
  const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
  const { store, reach, requests } = sourceBy(() => ({
    headers: {
      "content-type": mediaTypes.ociIndex,
      "oci-filters-applied": "artifactType",
    },
    body: pieces(Buffer.from(JSON.stringify(index))),
  }));
  const found = await store.referrers(subject, reach);
  expect(found.map(({ artifactType }) => artifactType)).toEqual([
    "a/one",
    "a/two",
  ]);
  expect(requests.map(({ url }) => url.search)).toEqual([""]);
});

function tagPages(page: (nth: number) => readonly string[]) {
  return sourceBy((_, nth) => ({
    headers: { link: `</v2/a/b/tags/list?last=${nth}>; rel="next"` },
    body: pieces(Buffer.from(JSON.stringify({ tags: page(nth) }))),
  }));
}

test("W124: a list of tags that always has one more page ends after a thousand", async () => {
  const { store, reach, requests } = tagPages((nth) => [`tag-${nth}`]);
  await expect(store.tags(reach)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
  expect(requests).toHaveLength(1000);
});

test("W124: more than a million tags are too many", async () => {
  const { store, reach, requests } = tagPages((nth) =>
    Array.from({ length: 50_000 }, (_, one) => `${nth}-${one}`),
  );
  await expect(store.tags(reach)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
  expect(requests).toHaveLength(21);
});
