import { index } from "../../samples/artifacts";
import { pluginArtifact, pluginScript } from "../../samples/plugins";
import { keySigner } from "../../samples/signers";
import { bySigner, inPluginWorld } from "./pluginWorld";

const yes = pluginScript('yes("fine");');

const here = `${process.platform}/${process.arch === "x64" ? "amd64" : process.arch}`;

test("of an index, the executable for this machine is taken", () =>
  inPluginWorld(async (world) => {
    const other = pluginArtifact(pluginScript("no();"), {}, "plan9/mips");
    const own = pluginArtifact(yes, {}, here);
    await world.attach("MIT");
    const artifact = await world.publish(index([other, own]));
    expect(await world.verdict(artifact)).toMatchObject({ outcome: "passed" });
    const foreign = await world.publish(index([other]));
    expect(await world.verdict(foreign)).toMatchObject({
      code: "PLUGIN_ERROR",
      reason: `check: has nothing for ${here}, only for plan9/mips`,
    });
  }));

test.each([
  [
    "a packed layer",
    { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip" },
    "is packed",
  ],
  [
    "a packed folder",
    { annotations: { "io.deis.oras.content.unpack": "true" } },
    "is packed",
  ],
  [
    "a program of another machine",
    { bytes: Buffer.from("\x7fELF\x01\x02aaaaaaaaaaaaaaaaaa") },
    "is no program for this machine",
  ],
  [
    "words that a shell would run",
    { bytes: Buffer.from("echo '{\"isSuccess\":true}'\n") },
    "is no program for this machine",
  ],
  [
    "an interpreter that is not here",
    { bytes: Buffer.from("#!/nowhere/at/all\n") },
    "could not be started (ENOENT",
  ],
])("%s is an error by name", (_, layer, reason) =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(pluginArtifact(yes, layer));
    await world.attach("MIT");
    expect(await world.verdict(artifact)).toMatchObject({
      outcome: "failed",
      code: "PLUGIN_ERROR",
      reason: expect.stringContaining(reason),
    });
  }),
);

test("a plugin with a policy of its own may go by a tag, and runs only if that lets it in", () =>
  inPluginWorld(async (world) => {
    const plugin = pluginArtifact(yes);
    await world.publish(plugin, "v1");
    await world.attach("MIT");
    const artifact = "plugins.example/acme/check:v1";
    const words = { policy: { signedBy: [bySigner] } };
    expect(await world.verdict(artifact, words)).toMatchObject({
      outcome: "failed",
      code: "PLUGIN_REFUSED",
    });
    await world.sign(plugin.descriptor, keySigner());
    expect(await world.verdict(artifact, words)).toMatchObject({
      outcome: "failed",
      code: "PLUGIN_REFUSED",
    });
    expect(() => world.kept).toThrow("ENOENT");
    await world.sign(plugin.descriptor);
    expect(await world.verdict(artifact, words)).toMatchObject({
      outcome: "passed",
    });
  }));

test("a plugin that was let in without a policy is not thereby let in by one", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(yes);
    await world.attach("MIT");
    expect(await world.verdict(artifact)).toMatchObject({ outcome: "passed" });
    const words = { policy: { signedBy: [bySigner] } };
    expect(await world.verdict(artifact, words)).toMatchObject({
      code: "PLUGIN_REFUSED",
    });
  }));
