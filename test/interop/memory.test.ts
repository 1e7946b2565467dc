import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { offerLarge } from "../bench/largeArtifact";
import { startMeasured } from "../bench/pluginUnderMeasure";
import {
  startStreamingRegistry,
  type StreamingRegistry,
} from "../bench/streamingRegistry";
import { bundleExecutable } from "../engine/bundle";
import { stagedPlugin } from "../lifecycle/stage";
import { startRegistry } from "../registry/registry";
import { emptyConfig, image, manifest } from "../samples/artifacts";
import { attachReferrer } from "../samples/attach";
import { bundleReferrer } from "../samples/bundleEvidence";
import { keySigner } from "../samples/signers";
import { inRegistry, put } from "../samples/target";
import type { Account, Task } from "./bareStores";

const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;
/** performance.md §9: of the client of registries, for any size of blob */
const clientMebibytes = 96;
/** registry.md G5: of the whole plugin */
const pluginMebibytes = 384;
const many = 10_000;

const describeOnLinux = process.platform === "linux" ? describe : describe.skip;
const folder = mkdtempSync(join(tmpdir(), "memory-"));
let program: string;
let source: StreamingRegistry;
let destination: StreamingRegistry;

/** What the client takes in a process of its own. */
async function account(task: Partial<Task>): Promise<Account> {
  const whole: Task = {
    source: "",
    destination: "",
    copy: [],
    listTags: false,
    listReferrers: [],
    ...task,
  };
  // as the plugin's launcher does it
  const args = ["--semi-space-growth-factor=1", program, JSON.stringify(whole)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

async function generated(sizes: readonly number[]) {
  const blobs = [];
  for (const size of sizes) blobs.push(await source.generate(size));
  return blobs;
}

function say(what: string, { idleMebibytes, peakMebibytes }: Account): void {
  const [idle, peak] = [idleMebibytes, peakMebibytes].map(Math.round);
  process.stderr.write(`memory: ${what}: ${peak} MiB (idle ${idle})\n`);
}

describeOnLinux("G5: memory", () => {
  beforeAll(async () => {
    program = bundleExecutable(
      join(__dirname, "bareStores.ts"),
      folder,
      "bareStores.js",
    );
    source = await startStreamingRegistry();
    destination = await startStreamingRegistry();
  });
  afterAll(async () => {
    await Promise.all([source.close(), destination.close()]);
    rmSync(folder, { recursive: true });
  });

  test("the client stays below 96 MiB and is flat: for 64 MiB, for one blob of 2 GiB and for eight of 1 GiB at once", async () => {
    const eight = Array.from({ length: 8 }, (_, at) => gibibyte - at);
    const peaks: number[] = [];
    for (const sizes of [[64 * mebibyte], [2 * gibibyte], eight]) {
      const one = await account({
        source: `${source.host}/acme/large`,
        destination: `${destination.host}/mirror/large`,
        copy: await generated(sizes),
      });
      say(`client, ${sizes.length} × ${sizes[0]} bytes`, one);
      peaks.push(one.peakMebibytes);
    }
    expect(Math.max(...peaks)).toBeLessThan(clientMebibytes);
    expect((peaks[1] ?? 0) - (peaks[0] ?? 0)).toBeLessThan(16);
  }, 600_000);

  test("the whole plugin stays below 384 MiB for a blob of 2 GiB, and for eight of 1 GiB at once", async () => {
    const registries = [source, destination].map(({ host }) => ({
      host,
      plainHttp: true,
    }));
    const eight = Array.from({ length: 8 }, (_, at) => gibibyte - 8 - at);
    for (const sizes of [[2 * gibibyte], eight]) {
      const plugin = await startMeasured(stagedPlugin(), { registries });
      const offers = [];
      for (const size of sizes) offers.push(await offerLarge(source, size));
      await Promise.all(
        offers.map(({ source: from, policy }, at) =>
          plugin.create({
            name: `large-${at}`,
            inputs: {
              source: from,
              destination: `${destination.host}/plugin/large-${at}:1`,
              policy,
            },
          }),
        ),
      );
      const { peakMebibytes = Number.NaN } = plugin.cost();
      say(`plugin, ${sizes.length} × ${sizes[0]} bytes`, {
        idleMebibytes: 0,
        peakMebibytes,
        entries: 0,
      });
      await plugin.end();
      expect(peakMebibytes).toBeLessThan(pluginMebibytes);
    }
  }, 600_000);
});

describeOnLinux("G5, G8: memory of long lists", () => {
  beforeAll(() => {
    program = bundleExecutable(
      join(__dirname, "bareStores.ts"),
      folder,
      "bareStores.js",
    );
  });

  test("tags-10k and referrers-10k: 10,000 tags and 10,000 referrers in pages of 1,000 cost the client 30 and 60 MiB at the most", async () => {
    const registry = await startRegistry({ pageSize: 1000 });
    const target = inRegistry(registry, "acme/many");
    const subject = await put(target, image());
    for (let at = 0; at < many; at++) {
      registry.setTag("acme/many", `v${at}`, subject.digest);
      const one = statement(subject, at);
      registry.putManifest("acme/many", one);
    }
    const place = `${registry.host}/acme/many`;
    const places = { source: place, destination: place };
    const none = await account({ ...places });
    const tags = await account({ ...places, listTags: true });
    say("client, 10,000 tags", tags);
    const listReferrers = [subject.digest];
    const referrers = await account({ ...places, listReferrers });
    say("client, 10,000 referrers", referrers);
    expect([tags.entries, referrers.entries]).toEqual([many, many]);
    expect(tags.peakMebibytes - none.peakMebibytes).toBeLessThan(30);
    expect(referrers.peakMebibytes - none.peakMebibytes).toBeLessThan(60);
    await registry.close();
  }, 120_000);

  test("referrers-10k: the one signature behind 9,999 others is found, and the whole plugin stays below 384 MiB", async () => {
    const registry = await startRegistry({ pageSize: 1000 });
    const mirror = await startRegistry();
    const target = inRegistry(registry, "acme/many");
    const subject = await put(target, image(), "1");
    for (let at = 1; at < many; at++)
      registry.putManifest("acme/many", statement(subject, at));
    const signer = keySigner();
    await attachReferrer(target, await bundleReferrer(subject, signer));
    const registries = [registry, mirror].map(({ host }) => ({
      host,
      plainHttp: true,
    }));
    const plugin = await startMeasured(stagedPlugin(), { registries });
    const key = { publicKey: signer.publicKeyPem, tlog: "not-required" };
    await plugin.create({
      name: "many",
      inputs: {
        source: `${registry.host}/acme/many:1`,
        destination: `${mirror.host}/mirror/many:1`,
        policy: { signedBy: [{ key }] },
        evidence: { copy: "verified" },
      },
    });
    const { peakMebibytes = Number.NaN } = plugin.cost();
    say("plugin, 10,000 referrers", {
      idleMebibytes: 0,
      peakMebibytes,
      entries: many,
    });
    await plugin.end();
    expect(mirror.manifests("mirror/many").length).toBe(2);
    expect(peakMebibytes).toBeLessThan(pluginMebibytes);
    await Promise.all([registry.close(), mirror.close()]);
  }, 300_000);
});

/** Something that refers to the subject and that nobody can judge. */
function statement(
  subject: Parameters<typeof bundleReferrer>[0],
  at: number,
): { mediaType: string; bytes: Buffer } {
  const { descriptor, bytes } = manifest({
    artifactType: "application/vnd.example.note",
    config: emptyConfig,
    layers: [emptyConfig],
    subject,
    annotations: { at: String(at) },
  });
  return { mediaType: descriptor.mediaType, bytes };
}
