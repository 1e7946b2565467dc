import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { licenseScript, pluginScript, spdxType } from "../../samples/plugins";
import { type PluginWorld, inPluginWorld } from "./pluginWorld";

const yes = pluginScript('yes("fine");');

test("a plugin that passes on its referrer passes, and the referrer must come along", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(licenseScript);
    const sbom = await world.attach("MIT");
    expect(await world.verdict(artifact)).toMatchObject({
      outcome: "passed",
      code: "OK",
      requirement: "plugins[0]",
      blocks: true,
      satisfiedBy: [],
      reliedOn: [sbom.digest],
      notes: [`check passed on ${sbom.digest}: all licences are allowed`],
    });
  }));

test("one no among many referrers is a no", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(licenseScript);
    await world.attach("MIT");
    const bad = await world.attach("GPL-3.0");
    await world.attach("GPL-3.0 elsewhere", "text/other");
    expect(await world.verdict(artifact)).toMatchObject({
      outcome: "failed",
      code: "PLUGIN_FAILED",
      reason: "check: the GPL is not allowed",
      reliedOn: [],
      looked: [{ evidence: bad.digest, authority: "plugins[0]" }],
    });
  }));

test("without a referrer for it there is no pass, and the plugin is not even fetched", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(yes);
    await world.attach("MIT", "text/other");
    expect(await world.verdict(artifact)).toMatchObject({
      outcome: "failed",
      code: "PLUGIN_NO_EVIDENCE",
      reason: expect.stringContaining("text/other"),
    });
    expect(world.plugins.log).toEqual([]);
  }));

test("`*` means every referrer", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(licenseScript);
    const one = await world.attach("MIT");
    const other = await world.attach("MIT", "text/other");
    const verdict = await world.verdict(artifact, { artifactTypes: ["*"] });
    expect(new Set(verdict.reliedOn)).toEqual(
      new Set([one.digest, other.digest]),
    );
  }));

test("a plugin that only warns does not block", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(yes);
    expect(await world.verdict(artifact, { mode: "warn" })).toMatchObject({
      outcome: "failed",
      blocks: false,
    });
  }));

test("the protocol is Ratify's: three variables, one JSON document, no arguments", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(
      pluginScript(
        "yes(JSON.stringify([Object.keys(env).sort(), process.argv.length]));",
      ),
    );
    await world.attach("MIT");
    const { notes } = await world.verdict(artifact);
    expect(notes?.[0]).toContain(
      JSON.stringify([
        [
          "DOCKER_CONFIG",
          "HOME",
          "PATH",
          "RATIFY_VERIFIER_COMMAND",
          "RATIFY_VERIFIER_SUBJECT",
          "RATIFY_VERIFIER_VERSION",
          "TMPDIR",
          "USERPROFILE",
        ],
        2,
      ]),
    );
  }));

const told = async (
  world: PluginWorld,
  expression: string,
  words = {},
): Promise<unknown> => {
  const script = `require("node:fs").writeFileSync(stdin.config.to, JSON.stringify(${expression})); yes();`;
  const artifact = await world.publish(pluginScript(script));
  const to = `${world.caches}/told.json`;
  const verdict = await world.verdict(artifact, { config: { to }, ...words });
  expect(verdict).toMatchObject({ outcome: "passed" });
  return JSON.parse(readFileSync(to, "utf8"));
};

test("it is told its configuration, its store and the referrer in Ratify's words", () =>
  inPluginWorld(async (world) => {
    const sbom = await world.attach("MIT");
    const words = {
      name: "licences",
      type: "licensechecker",
      artifactTypes: [spdxType, "text/other"],
      config: { to: `${world.caches}/told.json`, deep: { list: [1, "two"] } },
    };
    expect(await told(world, "stdin.config", words)).toEqual({
      to: words.config.to,
      name: "licences",
      type: "licensechecker",
      artifactTypes: `${spdxType},text/other`,
      deep: { list: [1, "two"] },
    });
    expect(
      await told(world, "[stdin.storeConfig, stdin.referenceDesc]"),
    ).toEqual([
      {
        version: "1.0.0",
        pluginBinDirs: null,
        store: { name: "oras", useHttp: true, cosignEnabled: false },
      },
      {
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        digest: sbom.digest,
        size: sbom.size,
        artifactType: spdxType,
      },
    ]);
    expect(
      await told(
        world,
        "[env.RATIFY_VERIFIER_COMMAND, env.RATIFY_VERIFIER_VERSION, subject]",
        { version: "2.0.0-alpha.1" },
      ),
    ).toEqual(["VERIFY", "2.0.0-alpha.1", world.subject.digest]);
  }));

test("its home is empty, its own, and gone afterwards", () =>
  inPluginWorld(async (world) => {
    await world.attach("MIT");
    const [home, there, cwd] = Object.values(
      Object.assign(
        {},
        await told(
          world,
          '[env.HOME, require("node:fs").readdirSync(env.HOME), process.cwd()]',
        ),
      ),
    );
    expect(there).toEqual(["tmp"]);
    expect(cwd).toBe(home);
    expect(() => statSync(String(home))).toThrow("ENOENT");
  }));

test("the executable lies under its digest, for this user alone, and is fetched once", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(yes);
    await world.attach("MIT");
    await world.verdict(artifact);
    await world.verdict(artifact);
    const [path = "", ...more] = world.kept;
    expect(more).toEqual([]);
    expect(path).toMatch(/\/sha256-[a-f0-9]{64}$/);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(world.folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(path)).toEqual(yes);
    const layer = path.slice(-64);
    const asked = world.plugins.log.map((line) => line.includes(layer));
    expect(asked).toEqual([false, false, true]);
  }));

test("T37: bytes that changed on disk are not started", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(yes);
    await world.attach("MIT");
    await world.verdict(artifact);
    const [path = ""] = world.kept;
    writeFileSync(path, pluginScript('yes("evil");'));
    expect(await world.verdict(artifact)).toMatchObject({
      outcome: "failed",
      code: "PLUGIN_CHANGED",
      reason: expect.stringContaining("was changed on this machine"),
    });
  }));

test("a file or folder that others may write is not used", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(yes);
    await world.attach("MIT");
    await world.verdict(artifact);
    const [path = ""] = world.kept;
    chmodSync(path, 0o722);
    expect(await world.verdict(artifact)).toMatchObject({
      code: "PLUGIN_CHANGED",
    });
    chmodSync(world.folder, 0o777);
    expect(await world.verdict(artifact)).toMatchObject({
      code: "PLUGIN_ERROR",
      reason: expect.stringContaining("chmod 700"),
    });
  }));
