import { randomBytes } from "node:crypto";
import type { Destination, Reach } from "../../../provider/mirror/ports";
import { parseDigest } from "../../../provider/oci/digest";
import { patient } from "../../../provider/stores/registry/pace/retry";
import { openRegistries } from "../../../provider/stores/registry/registry";
import { openNetwork } from "../../../provider/stores/registry/wire/send";
import { badHost, type Badness } from "./badHost";
import { referenceTo } from "./opened";
import { node } from "./shop";

/** five minutes pass in a second, for what is measured and not timed by the machine */
const faster = 300;
const now = (): number => performance.now() * faster;
const silenceMs = 200;
const limits = (ms: number) => ({
  connectMs: 1000,
  headersMs: ms,
  commitMs: ms,
  idleMs: ms,
  keepAliveMs: 1000,
  discardMs: 100,
});
const clock = {
  monotonic: now,
  random: () => 0,
  wait: async (_: number, signal: AbortSignal) => signal.throwIfAborted(),
};

interface Met {
  readonly message: string;
  readonly code: string;
  readonly tookMs: number;
  readonly host: string;
}

/** Does something at a bad host, and answers how that ended. */
async function met(
  does: Badness,
  where: RegExp,
  work: (store: Destination, reach: Reach) => Promise<unknown>,
): Promise<Met> {
  const server = await badHost(does, where);
  const { host } = server;
  const registries = [{ host, plainHttp: true }];
  // the kernel takes in much by itself before a slow reader is felt
  const ms = does === "reads as slowly as it can" ? 5000 : silenceMs;
  const network = openNetwork({
    registries,
    environment: {},
    now,
    limits: limits(ms),
  });
  const store = openRegistries({
    registries,
    credentials: async () => undefined,
    clock,
    patience: { ...patient, tries: 2 },
  })(referenceTo(`${host}/a/b`), { side: "destination", isWriter: true });
  const { signal } = new AbortController();
  const reach: Reach = { send: network.send, signal, now: () => new Date() };
  const begin = performance.now();
  const error = await work(store, reach).then(
    () => new Error("it was to fail"),
    (thrown: Error & { code: string }) => thrown,
  );
  const tookMs = performance.now() - begin;
  await network.close();
  await server.close();
  return { ...error, message: error.message, host, tookMs } as Met;
}

const digest = parseDigest(`sha256:${"0".repeat(64)}`);
const large = {
  mediaType: "application/octet-stream",
  digest,
  size: 64 * 1024 * 1024,
};
const source: Destination = {
  repository: "elsewhere.example/a",
  side: "source",
  open: async function* () {
    for (let sent = 0; sent < large.size; sent += 65_536)
      yield randomBytes(65_536);
  },
} as Partial<Destination> as Destination;
const by = (reach: Reach) => ({ reach, onBytes: () => undefined });

const readers: Readonly<
  Record<string, [RegExp, (s: Destination, r: Reach) => Promise<unknown>]>
> = {
  "a tag": [/manifests/, (s, r) => s.resolve("1", r)],
  "a manifest": [/manifests/, (s, r) => s.read(node.descriptor, 9000, r)],
  "a blob": [
    /blobs/,
    async (s, r) => {
      for await (const _ of s.open(large, r));
    },
  ],
  "the tags": [/tags/, (s, r) => s.tags(r)],
  "the referrers": [/referrers/, (s, r) => s.referrers(digest, r)],
  "a token": [/GET \/token/, (s, r) => s.tags(r)],
};
const writers: typeof readers = {
  "the head of a tag": [/HEAD .*manifests/, (s, r) => s.resolve("1", r)],
  "the head of a blob": [/HEAD .*blobs/, (s, r) => s.has(large, r)],
  "an upload's beginning": [/POST/, (s, r) => s.copyFrom(source, large, by(r))],
  "a manifest's writing": [/PUT/, (s, r) => s.put(node, r)],
  "a manifest's removal": [/DELETE/, (s, r) => s.remove(node.descriptor, r)],
};

async function eachEnds(does: Badness, asked: typeof readers): Promise<void> {
  const all = Object.entries(asked).map(async ([what, [where, work]]) => ({
    what,
    met: await met(does, where, work),
  }));
  for (const { what, met: one } of await Promise.all(all)) {
    expect([what, one.code]).toEqual([
      what,
      expect.stringMatching(
        /^(NETWORK|PROTOCOL|LIMIT_EXCEEDED|SIZE_MISMATCH)$/,
      ),
    ]);
    expect(one.message).toContain(one.host);
    expect(one.message).toMatch(/: .*; [a-z]/); // cause; next step
    expect(one.tookMs).toBeLessThan(8000);
  }
}

describe("W15, G9: every question ends in bounded time, and names host, cause and next step, at", () => {
  test.each<Badness>([
    "says nothing",
    "drips its head",
    "tells of early hints for ever",
  ])("a host that %s", async (does) => {
    await eachEnds(does, { ...readers, ...writers });
  });

  test.each<Badness>(["drips its body", "never stops"])(
    "a host that %s",
    async (does) => {
      await eachEnds(does, readers);
    },
  );
});

test.each<Badness>([
  "says nothing",
  "reads nothing more",
  "reads as slowly as it can",
])(
  "W15, G9: an upload to a host that %s ends in bounded time",
  async (does) => {
    const ended = await met(does, /PUT/, (store, reach) =>
      store.copyFrom(source, large, by(reach)),
    );
    expect(ended).toMatchObject({ code: "NETWORK" });
    expect(ended.message).toContain(ended.host);
    expect(ended.tookMs).toBeLessThan(8000);
    if (does === "reads as slowly as it can")
      expect(ended.message).toContain("it takes less than 16 KiB a second");
  },
);
