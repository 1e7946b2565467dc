import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProxy, type FaultProxy } from "../faults/proxy";
import { startStack, type Stack } from "../lifecycle/harness";
import { must } from "../lifecycle/repositories";
import { regsyncCommand } from "../peers/copying";
import { runMeasured } from "../peers/measured";
import { installGoPeer } from "../peers/tools";
import { ask } from "../registry/plainHttp";
import { counts } from "../registry/recorder";
import { emptyConfig, manifest } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { keySigner } from "../samples/signers";
import { overHttp, put } from "../samples/target";
import { type RunningDistribution, startDistribution } from "./distribution";
import { describeWithGo } from "./tools";

const minute = 60_000;
jest.setTimeout(5 * minute);

const signer = keySigner();
const versions = Array.from({ length: 300 }, (_, at) => `${at % 10}.${at}.0`);
const key = { publicKey: signer.publicKeyPem, tlog: "not-required" };
const policy = { signedBy: [{ key }] };

type Tags = Readonly<Record<string, string>>;

describeWithGo("a repository of 300 signed tags in distribution v3", () => {
  let vendor: RunningDistribution;
  let internal: RunningDistribution;
  let outside: FaultProxy;
  let inside: FaultProxy;
  let stack: Stack;

  beforeAll(async () => {
    vendor = await startDistribution();
    internal = await startDistribution();
    outside = await startProxy({ upstream: vendor.origin });
    inside = await startProxy({ upstream: internal.origin });
    stack = startStack({ program: "", registries: [outside, inside] });
    for (const tag of versions) await publish(vendor, tag);
  }, 20 * minute);
  afterAll(async () => {
    stack?.close();
    await Promise.all([outside?.close(), inside?.close()]);
    await Promise.all([vendor?.close(), internal?.close()]);
  });

  const declare = (more: object) =>
    stack.write(
      program({
        source: `${outside.host}/acme/app`,
        destination: `${inside.host}/mirror/app`,
        policy,
        replaceTag: "verified",
        ...more,
      }),
    );
  const mirrored = () => versionsOf(internal, "mirror/app");
  const asked = () => counts([...outside.journal, ...inside.journal]);

  test("is mirrored whole, with each signature", async () => {
    declare({ tags: { mode: "semver" }, replaceTag: "never" });
    await must(stack.engine.preview());
    expect(await tagsOf(internal, "mirror/app")).toEqual([]);
    await must(stack.engine.up());
    expect(await mirrored()).toEqual(await versionsOf(vendor, "acme/app"));
    expect(await tagsOf(internal, "mirror/app")).toEqual(
      await tagsOf(vendor, "acme/app"),
    );
  });

  test("costs a preview where nothing changed one list a side, six pages and the one that ends it, and nothing else", async () => {
    outside.resetJournal();
    inside.resetJournal();
    await must(stack.engine.preview({ expectNoChanges: true }));
    expect(asked()).toEqual({ "GET tags": 2 * 7 });
  });

  test("gets a new tag, and leaves a moved one where it is, until `replaceTag` says otherwise", async () => {
    const before = await mirrored();
    const moved = await publish(vendor, "3.33.0", "two");
    const added = await publish(vendor, "10.0.0");
    await must(stack.engine.up());
    expect(await mirrored()).toEqual({ ...before, "10.0.0": added });
    declare({ tags: { mode: "semver" } });
    const preview = await must(stack.engine.preview());
    expect(preview.text).toContain("3.33.0");
    await must(stack.engine.up());
    const after = { ...before, "10.0.0": added, "3.33.0": moved };
    expect(await mirrored()).toEqual(after);
  });

  test("lets go of tags that are no longer chosen, as many as it may at a time", async () => {
    const before = await mirrored();
    const exclude = ["0\\.2.0\\.0"];
    declare({ tags: { mode: "semver", exclude }, prune: "untag", maxPrune: 1 });
    const tooMany = await stack.engine.preview();
    expect(tooMany.exitCode).toBe(1);
    expect(await stack.engine.up()).toMatchObject({ exitCode: 1 });
    expect(await mirrored()).toEqual(before);
    declare({ tags: { mode: "semver", exclude }, prune: "untag" });
    const preview = await must(stack.engine.preview());
    expect(preview.text).toContain("0.210.0");
    await must(stack.engine.up());
    const left = Object.entries(before).filter(
      ([tag]) => !/^0\.2.0\.0$/.test(tag),
    );
    expect(left.length).toBeLessThan(Object.keys(before).length);
    expect(await mirrored()).toEqual(Object.fromEntries(left));
    await must(stack.engine.preview({ expectNoChanges: true }));
  });

  test.each<[string, object, object]>([
    ["every tag", { deny: ["sha256-.*"] }, { mode: "all" }],
    [
      "two ranges, less what is denied",
      {
        semverRange: [">=1.100.0 <3.0.0", ">=9.0.0"],
        deny: ["1\\.1..\\.0"],
      },
      {
        mode: "semver",
        range: ">=1.100.0 <3.0.0 || >=9.0.0",
        exclude: ["1\\.1..\\.0"],
      },
    ],
    [
      "what is allowed by name",
      { allow: ["[45]\\..*", "10\\.0\\.0"] },
      { mode: "all", pattern: "[45]\\..*|10\\.0\\.0" },
    ],
  ])(
    "regsync brings the same tags and digests: %s",
    async (name, filter, tags) => {
      const [theirs, ours] = ["regsync", "ours"].map(
        (who) => `${who}/${name.replace(/\W+/g, "-")}`,
      );
      await regsync(`${vendor.host}/acme/app`, `${internal.host}/${theirs}`, {
        tags: filter,
        digestTags: true,
      });
      declare({ destination: `${inside.host}/${ours}`, tags });
      await must(stack.engine.up());
      const expected = await versionsOf(internal, theirs ?? "");
      expect(Object.keys(expected).length).toBeGreaterThan(20);
      expect(await versionsOf(internal, ours ?? "")).toEqual(expected);
      expect(await tagsOf(internal, ours ?? "")).toEqual(
        await tagsOf(internal, theirs ?? ""),
      );
    },
  );
});

const program = (args: object) => `
const mirror = require("pulumi-artifact-mirror");
const app = new mirror.MirroredRepository("app", ${JSON.stringify(args)});
exports.digests = app.digests;
`;

/** Puts a signed artifact under the tag; another seed moves it. */
async function publish(
  registry: RunningDistribution,
  tag: string,
  seed = "one",
): Promise<string> {
  const target = overHttp(registry.origin, "acme/app");
  const layer = { mediaType: "text/plain", bytes: Buffer.from("a layer") };
  const annotations = { seed: `${seed}/${tag}` };
  const made = { config: emptyConfig, layers: [layer], annotations };
  const subject = await put(target, manifest(made), tag);
  const layers = [await signatureLayer(subject, signer)];
  await attachLegacy(target, subject, { suffix: "sig", layers });
  return subject.digest;
}

async function tagsOf(
  { origin }: RunningDistribution,
  repository: string,
): Promise<readonly string[]> {
  const path = `/v2/${repository}/tags/list?n=1000`;
  const { status, body } = await ask(origin, { path });
  return status === 404 ? [] : JSON.parse(body.toString()).tags;
}

/** Tag → digest, evidence's own tags left out. */
async function versionsOf(
  registry: RunningDistribution,
  repository: string,
): Promise<Tags> {
  const found: Record<string, string> = {};
  for (const tag of await tagsOf(registry, repository)) {
    if (tag.startsWith("sha256-")) continue;
    const path = `/v2/${repository}/manifests/${tag}`;
    const headers = { accept: "application/vnd.oci.image.manifest.v1+json" };
    const asked = { method: "HEAD", path, headers };
    const answer = await ask(registry.origin, asked);
    found[tag] = answer.headers["docker-content-digest"] ?? "";
  }
  return found;
}

async function regsync(
  source: string,
  destination: string,
  entry: Readonly<Record<string, unknown>>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "regsync-"));
  const tool = installGoPeer("regsync");
  const job = { source, destination, regsync: entry };
  const command = regsyncCommand(tool, [job], { folder });
  const { exitCode, output } = await runMeasured(command, 2 * minute);
  rmSync(folder, { recursive: true, force: true });
  if (exitCode !== 0) throw new Error(output);
}
