import { digestOf } from "../../../provider/oci/digest";
import type { Descriptor } from "../../../provider/oci/descriptor";
import type { Request } from "../../../provider/mirror/ports";
import { openRegistries } from "../../../provider/stores/registry/registry";
import { NoAnswer } from "../../../provider/stores/registry/wire/wireError";
import { fakeClock, referenceTo, type FakeClock } from "./opened";
import { reachBy, scripted, type Reply, type Script } from "./script";

const bytes = Buffer.alloc(10_000, "download");
const blob: Descriptor = {
  mediaType: "application/octet-stream",
  digest: digestOf(bytes),
  size: bytes.length,
};
const cut = new NoAnswer(
  {
    fault: "unreachable",
    code: "NETWORK",
    why: "cut",
    remedy: "again",
    retryable: true,
  },
  { what: "could not read", where: {} },
);

/** Reads the blob from a registry whose every answer is written down; those that are cut break behind their body. */
async function download(
  answer: (request: Request, nth: number) => Reply,
  isCut: (nth: number) => boolean = () => false,
): Promise<{
  readonly whole: Buffer;
  readonly script: Script;
  readonly clock: FakeClock;
}> {
  const script = scripted(answer);
  let nth = 0;
  const send: Script["send"] = async (request, signal) => {
    const response = await script.send(request, signal);
    nth += 1;
    return isCut(nth)
      ? { ...response, body: breaking(response.body) }
      : response;
  };
  const clock = fakeClock();
  const registries = openRegistries({
    registries: [],
    credentials: async () => undefined,
    clock,
  });
  const source = registries(referenceTo("reg.example/team/app"), {
    side: "source",
    isWriter: false,
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.open(blob, reachBy(send)))
    chunks.push(Uint8Array.from(chunk));
  return { whole: Buffer.concat(chunks), script, clock };
}

async function* breaking(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* body;
  throw cut;
}

/** What a registry answers to a range. */
function ranged({ headers }: Request): Reply {
  const from = /^bytes=(\d+)-$/.exec(headers["range"] ?? "")?.[1];
  if (from === undefined) return { status: 200, body: bytes.subarray(0, 4000) };
  const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
  return {
    status: 206,
    headers: { "content-range": range },
    body: bytes.subarray(Number(from)),
  };
}

const ranges = ({ requests }: Script) =>
  requests.map(({ headers }) => headers["range"]);

test("F04: a body without a length that ends early is taken up where it ended", async () => {
  const { whole, script } = await download(ranged);
  expect(whole.equals(bytes)).toBe(true);
  expect(ranges(script)).toEqual([undefined, "bytes=4000-"]);
});

test("F04: one that never becomes whole ends, and says how far it came", async () => {
  await expect(
    download((request, nth) =>
      nth === 1 ? ranged(request) : { ...ranged(request), body: "" },
    ),
  ).rejects.toMatchObject({
    code: "NETWORK",
    message: expect.stringMatching(/4000 of 10000 bytes/),
  });
});

test("W74, F05: cut behind its last byte, no empty range is asked for", async () => {
  const { whole, script, clock } = await download(
    () => ({ status: 200, body: bytes }),
    (nth) => nth === 1,
  );
  expect(whole.equals(bytes)).toBe(true);
  expect(script.requests).toHaveLength(1);
  expect(clock.waits).toEqual([]);
});

test("W76: what broke at a CDN is taken up at the registry, whose new address it is then read from", async () => {
  let signed = 0;
  const { whole, script } = await download(
    (request) => {
      if (request.url.host !== "reg.example") return ranged(request);
      signed += 1;
      const location = `https://cdn.example/blob?signature=${signed}`;
      return { status: 307, headers: { location } };
    },
    (nth) => nth === 2,
  );
  expect(whole.equals(bytes)).toBe(true);
  const hosts = script.requests.map(({ url }) => `${url.host}${url.search}`);
  expect(hosts).toEqual([
    "reg.example",
    "cdn.example?signature=1",
    "reg.example",
    "cdn.example?signature=2",
  ]);
});

test("W73: a 416 to a resume asks for the whole, and reads past what is here", async () => {
  const { whole, script } = await download((request, nth) =>
    nth === 1
      ? ranged(request)
      : request.headers["range"] === undefined
        ? { status: 200, body: bytes }
        : { status: 416 },
  );
  expect(whole.equals(bytes)).toBe(true);
  expect(ranges(script)).toEqual([undefined, "bytes=4000-", undefined]);
});

test("W73: a range that is wrong twice is refused", async () => {
  await expect(
    download((request, nth) =>
      nth === 1
        ? ranged(request)
        : {
            status: 206,
            headers: { "content-range": "bytes 0-9999/10000" },
            body: bytes,
          },
    ),
  ).rejects.toMatchObject({ fault: "corrupt" });
});

test("W71, N36: a body in an encoding that nobody asked for is refused", async () => {
  const asked: Request[] = [];
  await expect(
    download((request) => {
      asked.push(request);
      return {
        status: 200,
        headers: { "content-encoding": "gzip, gzip" },
        body: bytes,
      };
    }),
  ).rejects.toMatchObject({ code: "PROTOCOL" });
  expect(asked[0]?.headers["accept-encoding"]).toBe("identity");
});

test("W72: a body that never ends is left as soon as it is longer than described", async () => {
  await expect(
    download(() => ({ status: 200, body: Buffer.alloc(20_000) })),
  ).rejects.toMatchObject({ code: "SIZE_MISMATCH" });
});

test("W77: a body without a length is read by what is described", async () => {
  const { whole } = await download(() => ({ status: 200, body: bytes }));
  expect(whole.equals(bytes)).toBe(true);
});
