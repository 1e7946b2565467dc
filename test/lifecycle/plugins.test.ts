import { image } from "../samples/artifacts";
import { attachReferrer } from "../samples/attach";
import {
  licenseScript,
  pluginArtifact,
  pluginScript,
  referrer,
} from "../samples/plugins";
import { inRegistry, put, type SampleDescriptor } from "../samples/target";
import { inScene, type Scene, type SceneOptions } from "./scene";
import { canary } from "./witness";

const allowed: SceneOptions = {
  provider: { allowedPlugins: ["*/acme/plugins/*"] },
};

/** Publishes a plugin beside the vendor's artifacts, and answers its pinned reference. */
async function publishPlugin(scene: Scene, program: Buffer): Promise<string> {
  const place = inRegistry(scene.source, "acme/plugins/licences");
  const { digest } = await put(place, pluginArtifact(program));
  return `${scene.source.host}/acme/plugins/licences@${digest}`;
}

/** A signed image with an SBOM. */
async function publishWithSbom(
  scene: Scene,
  sbom: string,
): Promise<SampleDescriptor> {
  const subject = await scene.publish(sbom);
  await attachReferrer(scene.vendor, referrer(subject, sbom));
  return subject;
}

function declare(scene: Scene, artifact: string, more: object = {}): void {
  const plugin = {
    artifact,
    artifactTypes: ["application/spdx+json"],
    ...more,
  };
  scene.app({ policy: { ...scene.policy, plugins: [plugin] } });
}

test("a plugin that nobody knew before judges in a private registry, without a restart", () =>
  inScene(allowed, async (scene) => {
    const artifact = await publishPlugin(scene, licenseScript);
    await publishWithSbom(scene, "MIT");
    declare(scene, artifact);
    const preview = await scene.engine.preview();
    expect([preview.exitCode, preview.text]).toEqual([0, expect.any(String)]);
    const up = await scene.engine.up();
    expect([up.exitCode, up.text]).toEqual([0, expect.any(String)]);
    expect(
      JSON.stringify(scene.engine.resource("app")?.outputs.verification),
    ).toContain("all licences are allowed");
    expect(
      (await scene.engine.preview({ expectNoChanges: true })).exitCode,
    ).toBe(0);
  }));

test("its no blocks preview and up, in its own words", () =>
  inScene(allowed, async (scene) => {
    const artifact = await publishPlugin(scene, licenseScript);
    await publishWithSbom(scene, "GPL-3.0");
    declare(scene, artifact);
    for (const { exitCode, text } of [
      await scene.engine.preview(),
      await scene.engine.up(),
    ]) {
      expect(exitCode).toBe(1);
      expect(text).toContain("the GPL is not allowed");
      expect(text).toContain("PLUGIN_FAILED");
    }
    expect(scene.destination.tag("mirror/app", "1")).toBeUndefined();
  }));

test("a plugin that only warns is shown, and lets in what was signed", () =>
  inScene(allowed, async (scene) => {
    const artifact = await publishPlugin(scene, licenseScript);
    await publishWithSbom(scene, "GPL-3.0");
    declare(scene, artifact, { mode: "warn" });
    const { exitCode, text } = await scene.engine.up();
    expect([exitCode, text]).toEqual([
      0,
      expect.stringContaining("the GPL is not allowed"),
    ]);
  }));

test("it learns no credential: none is in its environment, its home or what it is told", () =>
  inScene(allowed, async (scene) => {
    process.env["SCENE_TOKEN"] = canary;
    try {
      const artifact = await publishPlugin(
        scene,
        pluginScript(`
  const { readdirSync } = require("node:fs");
  const secrets = [JSON.stringify(env), text].filter((one) => one.includes("hunter2"));
  const around = readdirSync(env.HOME).concat(readdirSync("."));
  if (secrets.length > 0) no("it learned a secret");
  else if (around.join() !== "tmp,tmp") no("its home holds " + around);
  else if (!host.startsWith("127.0.0.1:")) no("it was sent to " + host);
  else yes("knows nothing");`),
      );
      await publishWithSbom(scene, "MIT");
      declare(scene, artifact);
      const { exitCode, text } = await scene.engine.up();
      expect([exitCode, text]).toEqual([0, expect.any(String)]);
    } finally {
      delete process.env["SCENE_TOKEN"];
    }
  }));

test("without a line in the provider it does not run, in preview, and the message says which line", () =>
  inScene({}, async (scene) => {
    const artifact = await publishPlugin(scene, pluginScript("yes();"));
    await publishWithSbom(scene, "MIT");
    declare(scene, artifact);
    const { exitCode, text } = await scene.engine.preview();
    expect(exitCode).toBe(1);
    expect(text).toContain("policy.plugins[0].artifact");
    expect(text).toContain("PLUGIN_NOT_ALLOWED");
    expect(text).toContain(`"${artifact.split("@")[0]}"`);
  }));

test("what it judged comes along, even where only what was verified is copied", () =>
  inScene(allowed, async (scene) => {
    const artifact = await publishPlugin(scene, licenseScript);
    const subject = await scene.publish("one", { sample: image() });
    const sbom = referrer(subject, "MIT");
    const other = referrer(subject, "notes", "text/notes");
    await attachReferrer(scene.vendor, sbom);
    await attachReferrer(scene.vendor, other);
    const plugin = { artifact, artifactTypes: ["application/spdx+json"] };
    scene.app({
      policy: { ...scene.policy, plugins: [plugin] },
      evidence: { copy: "verified" },
    });
    const { exitCode, text } = await scene.engine.up();
    expect([exitCode, text]).toEqual([0, expect.any(String)]);
    const there = (one: typeof sbom) =>
      scene.destination.manifest("mirror/app", one.descriptor.digest);
    expect(there(sbom)).toBeDefined();
    expect(there(other)).toBeUndefined();
  }));
