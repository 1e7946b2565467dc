import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stagedPlugin } from "../lifecycle/stage";
import type { RegistryOptions } from "../registry/options";
import type { TestRegistry } from "../registry/registry";
import { image } from "../samples/artifacts";
import { attachReferrer, fallbackTag } from "../samples/attach";
import { bundleReferrer } from "../samples/bundleEvidence";
import { keySigner } from "../samples/signers";
import { inRegistry, put } from "../samples/target";
import { closureOf, flawsIn, heldBy } from "./invariants";
import { flawsInIndex, heldIn, remainsIn } from "./layouts";
import { startPlugin, type Plugin, type Wish } from "./plugin";
import { openVendor, startGuarded, type Vendor } from "./vendor";

const rounds = 3;
let vendor: Vendor;
let plugins: readonly Plugin[];

beforeAll(async () => {
  vendor = await openVendor();
  const start = () => startPlugin(stagedPlugin());
  plugins = await Promise.all(Array.from({ length: 8 }, start));
});
afterAll(async () => {
  for (const plugin of plugins) await plugin.end();
  await vendor.registry.close();
});

/** All wishes at the same time, each by a process of its own; answers what each died of. */
async function runAll(
  wishes: readonly Wish[],
  destination?: TestRegistry,
): Promise<readonly string[]> {
  const known = [
    { host: vendor.registry.host, user: "vendor" },
    ...(destination ? [{ host: destination.host, user: "mirror" }] : []),
  ];
  const runs = wishes.map(async (wish, at) => {
    const plugin = plugins[at];
    if (!plugin) throw new Error("more wishes than processes");
    await plugin.configure(known);
    return plugin.create(wish).then(
      () => [],
      (error: unknown) => [error instanceof Error ? error.message : "?"],
    );
  });
  return (await Promise.all(runs)).flat();
}

async function inRounds(
  work: (registry: TestRegistry) => Promise<void>,
  options: RegistryOptions = {},
  times = rounds,
): Promise<void> {
  for (let round = 0; round < times; round++) {
    const registry = await startGuarded("mirror", options);
    await work(registry);
    await registry.close();
  }
}

/** The same image in several repositories of the vendor, with a statement of its own in each. */
async function publishStated(count: number): Promise<readonly Stated[]> {
  const signer = keySigner();
  const by = [
    { key: { publicKey: signer.publicKeyPem, tlog: "not-required" } },
  ];
  const sample = image({ seed: "stated" });
  const publish = async (at: number): Promise<Stated> => {
    const target = inRegistry(vendor.registry, `stated/${at}`);
    const subject = await put(target, sample, "1");
    const predicateType = `https://example.com/stated/${at}`;
    const options = { predicateType, predicate: { at } };
    const referrer = await bundleReferrer(subject, signer, options);
    const { digest } = await attachReferrer(target, referrer);
    return {
      source: `${vendor.registry.host}/stated/${at}:1`,
      policy: { attestations: [{ type: predicateType, by }] },
      list: fallbackTag(subject),
      referrer: digest,
    };
  };
  return Promise.all(Array.from({ length: count }, (_, at) => publish(at)));
}

interface Stated {
  readonly source: string;
  readonly policy: object;
  /** the fallback tag of the image */
  readonly list: string;
  readonly referrer: string;
}

const name = "mirror/app";

describe("several runs at the same time (F45, G11, two-runs-same-destination)", () => {
  test("eight that want the same under the same tag all come to their end", () =>
    inRounds(async (registry) => {
      const { policy } = vendor;
      const destination = `${registry.host}/${name}:1`;
      const wish = { source: vendor.source("fresh"), destination, policy };
      const wishes = plugins.map(() => wish);
      expect(await runAll(wishes, registry)).toEqual([]);
      expect(registry.tag(name, "1")).toBe(vendor.fresh.digest);
      expect(flawsIn(heldBy(registry, name))).toEqual([]);
    }));

  test("eight that want two artifacts under one tag end, or say that the tag was moved; it means one of the two, whole", async () => {
    // a tag that shows another digest may only be late: that is waited for, so one round is long
    await inRounds(
      async (registry) => {
        const { policy, old, fresh } = vendor;
        const destination = `${registry.host}/${name}:1`;
        const wishes = plugins.map((_, at) => {
          const source = vendor.source(at % 2 === 0 ? "fresh" : "old");
          return { source, destination, policy };
        });
        for (const failure of await runAll(wishes, registry))
          expect(failure).toMatch(/somebody else may be writing this tag/);
        expect([old.digest, fresh.digest]).toContain(registry.tag(name, "1"));
        expect(flawsIn(heldBy(registry, name))).toEqual([]);
      },
      {},
      1,
    );
  }, 120_000);

  test("eight that write eight tags of one layout lose none", async () => {
    const { policy } = vendor;
    const folder = mkdtempSync(join(tmpdir(), "several-"));
    for (let round = 0; round < rounds; round++) {
      const directory = join(folder, String(round));
      const wishes = plugins.map((_, at) => ({
        source: vendor.source(at % 2 === 0 ? "fresh" : "old"),
        destination: `oci:${directory}:tag${at}`,
        policy,
      }));
      expect(await runAll(wishes)).toEqual([]);
      const { tags } = heldIn(directory);
      expect(plugins.map((_, at) => tags.has(`tag${at}`))).not.toContain(false);
      expect(flawsIn(heldIn(directory))).toEqual([]);
      expect(flawsInIndex(directory)).toEqual([]);
      expect(remainsIn(directory)).toEqual([]);
    }
    rmSync(folder, { recursive: true });
  });

  test("eight that write one fallback tag: each one's referrer is listed there in the end", async () => {
    const stated = await publishStated(plugins.length);
    await inRounds(
      async (registry) => {
        const wishes = stated.map(({ source, policy }, at) => {
          const destination = `${registry.host}/${name}:tag${at}`;
          return { source, destination, policy };
        });
        expect(await runAll(wishes, registry)).toEqual([]);
        const held = heldBy(registry, name);
        expect(flawsIn(held)).toEqual([]);
        const listed = closureOf(
          held,
          held.tags.get(stated[0]?.list ?? "") ?? "",
        );
        const lost = stated.filter(({ referrer }) => !listed.has(referrer));
        expect(lost.map(({ source }) => source)).toEqual([]);
      },
      { referrersApi: false },
    );
  });
});
