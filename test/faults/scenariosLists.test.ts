import type { Reach, Source } from "../../provider/mirror/ports";
import { parseDigest } from "../../provider/oci/digest";
import { openStores } from "../../provider/stores/catalog";
import { openNetwork } from "../../provider/stores/registry/wire/send";
import { manifest, emptyConfig } from "../samples/artifacts";
import { attachReferrer } from "../samples/attach";
import { bundleReferrer, bundleType } from "../samples/bundleEvidence";
import { inRegistry } from "../samples/target";
import type { Answer } from "../registry/answer";
import { startActor } from "./actors";
import { broken, endOf } from "./invariants";
import type { Entry } from "./journal";
import { sourceName, useStages, type Actor, type Stage } from "./stage";
import { vendor } from "../unit/verifiers/judging";
import { referenceTo } from "../unit/stores/opened";

const set = useStages();
const count = 10_000;
const perPage = 100;
const names = Array.from({ length: count }, (_, at) => `v${at}`);

/** A page that begins at `from`, with the Link that a registry would write. */
function page(from: number, link: string | undefined): Answer {
  const tags = names.slice(from, from + perPage);
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      ...(link === undefined ? {} : { link: `<${link}>; rel="next"` }),
    },
    body: Buffer.from(JSON.stringify({ name: sourceName, tags })),
  };
}

type Linking = (at: {
  readonly origin: string;
  readonly next: number;
}) => string;
const list = `/v2/${sourceName}/tags/list`;
const odd = (next: number) =>
  encodeURIComponent(Buffer.from(`cursor:${next}`).toString("base64"));
const linkings: readonly (readonly [string, Linking])[] = [
  ["absolute", ({ origin, next }) => `${origin}${list}?n=100&last=${next}`],
  ["relative", ({ next }) => `${list}?n=100&last=${next}`],
  ["an odd cursor", ({ next }) => `${list}?next_page=${odd(next)}&x=a%2Fb`],
];

/** Where a request wants to go on. */
function startOf({ query }: Entry): number {
  const asked = new URLSearchParams(query);
  const cursor = asked.get("next_page");
  if (cursor === null) return Number(asked.get("last") ?? 0);
  return Number(Buffer.from(cursor, "base64").toString().split(":")[1]);
}

function tagsAt(stage: Stage, { host }: Actor): Promise<readonly string[]> {
  return asking(stage, host, (store, reach) => store.tags(reach));
}

/** Asks one repository of a host through the real store. */
async function asking<Answered>(
  stage: Stage,
  host: string,
  ask: (store: Source, reach: Reach) => Promise<Answered>,
): Promise<Answered> {
  const registries = [{ host, plainHttp: true }];
  const network = openNetwork({ registries, environment: {} });
  const stores = openStores({
    registries,
    clock: stage.clock,
    credentials: async () => ({
      kind: "basic",
      id: "reader",
      source: "the stage",
      username: "reader",
      secret: stage.from.secret,
    }),
  });
  const reach = {
    send: network.send,
    signal: AbortSignal.timeout(30_000),
    now: stage.clock.date,
  };
  try {
    const reference = referenceTo(`${host}/${sourceName}`);
    return await ask(stores.open(reference, "source"), reach);
  } finally {
    await network.close();
  }
}

describe("tags-10k (W120–W124)", () => {
  test.each(linkings)("Link %s: the list is complete", async (_, link) => {
    const stage = await set();
    const actor = await startActor(stage, (entry) => {
      const next = startOf(entry) + perPage;
      const { origin } = entry;
      const more = next < count ? link({ origin, next }) : undefined;
      return page(startOf(entry), more);
    });
    const tags = await tagsAt(stage, actor);
    expect(new Set(tags)).toEqual(new Set(names));
    expect(tags).toHaveLength(count);
    expect(actor.journal).toHaveLength(count / perPage);
  });

  test("a page that comes twice adds nothing", async () => {
    const stage = await set();
    const actor = await startActor(stage, (entry) => {
      const asked = new URLSearchParams(entry.query);
      const isAgain = asked.get("again") !== null;
      const from = startOf(entry);
      const next = from === 500 && !isAgain ? 500 : from + perPage;
      const mark = next === from ? "&again=1" : "";
      const link = `${list}?last=${next}${mark}`;
      return page(from, next < count ? link : undefined);
    });
    expect(await tagsAt(stage, actor)).toHaveLength(count);
  });

  test("a missing last page is an error, and no shorter list", async () => {
    const stage = await set();
    const actor = await startActor(stage, (entry) => {
      const from = startOf(entry);
      if (from >= count - perPage) return { status: 404 };
      return page(from, `${list}?last=${from + perPage}`);
    });
    await expect(tagsAt(stage, actor)).rejects.toMatchObject({
      name: "MirrorError",
    });
  });

  test("a Link that leads in a circle ends as such (N15)", async () => {
    const stage = await set();
    const actor = await startActor(stage, (entry) =>
      page(0, `${list}?last=${startOf(entry) === 100 ? 0 : 100}`),
    );
    await expect(tagsAt(stage, actor)).rejects.toMatchObject({
      name: "MirrorError",
    });
    expect(actor.journal.length).toBeLessThan(5);
  });
});

describe("referrers-10k (W103, G8)", () => {
  /** A source with so much else, and the signature behind all of it in every order by digest. */
  async function flooded(noise: number, pageSize = perPage): Promise<Stage> {
    const stage = await set({ from: { auth: "token", pageSize } });
    const { registry } = stage.from;
    const { descriptor } = stage.artifact;
    registry.deleteManifest(sourceName, stage.signature.descriptor.digest);
    let last = await bundleReferrer(descriptor, vendor);
    while (last.descriptor.digest < "sha256:f8") {
      last = await bundleReferrer(descriptor, vendor);
    }
    await attachReferrer(inRegistry(registry, sourceName), last);
    for (let at = 0, left = noise; left > 0; at += 1) {
      const { descriptor: one, bytes } = manifest({
        artifactType: "application/vnd.example.noise",
        config: emptyConfig,
        layers: [],
        subject: descriptor,
        annotations: { at: String(at) },
      });
      if (one.digest > last.descriptor.digest) continue;
      registry.putManifest(sourceName, { mediaType: one.mediaType, bytes });
      left -= 1;
    }
    return stage;
  }
  const inputs = { evidence: { copy: "verified" } };

  test("the signature on the last of 100 pages is found", async () => {
    const stage = await flooded(199, 2);
    const outcome = await stage.up({ inputs });
    expect(endOf(outcome)).toBe("copied");
    const root = stage.artifact.descriptor.digest;
    const pages = stage.from.proxy.journal.filter(
      ({ kind, path }) => kind === "referrers" && path.endsWith(root),
    );
    expect(pages).toHaveLength(100);
  });

  test("10,000 in 100 pages are listed to the last", async () => {
    const stage = await flooded(count - 1);
    const { digest } = stage.artifact.descriptor;
    const listed = await asking(stage, stage.from.proxy.host, (store, reach) =>
      store.referrers(parseDigest(digest), reach),
    );
    expect(listed).toHaveLength(count);
    expect(listed.at(-1)?.artifactType).toBe(bundleType);
  });

  test("more than 10,000 are an error that says so, and no shorter list", async () => {
    const stage = await flooded(count);
    const outcome = await stage.up({ inputs });
    expect(endOf(outcome)).toBe("LIMIT_EXCEEDED");
    expect(String(outcome.error)).toMatch(/100 pages|10,?000/);
    expect(broken(stage, outcome)).toEqual([]);
  });

  test("a page that fails fails the listing (W102)", async () => {
    const stage = await flooded(1000);
    stage.from.proxy.misbehave({
      method: "GET",
      path: /referrers\/.*last=/,
      nth: 5,
      times: Number.POSITIVE_INFINITY,
      action: { status: 404 },
    });
    const outcome = await stage.up({ inputs });
    expect(outcome.error).toBeDefined();
    expect(stage.to.proxy.journal).toEqual([]);
    expect(broken(stage, outcome)).toEqual([]);
  });
});
