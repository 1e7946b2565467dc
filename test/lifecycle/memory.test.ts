import { offerLarge } from "../bench/largeArtifact";
import { startMeasured } from "../bench/pluginUnderMeasure";
import { startStreamingRegistry } from "../bench/streamingRegistry";
import { stagedPlugin } from "./stage";

const mebibyte = 1024 * 1024;
const onLinux = process.platform === "linux" ? test : test.skip;

/** The plugin's peak memory in MiB for a layer of that size, which is neither held at the source nor at the destination. */
async function peakFor(size: number): Promise<number | undefined> {
  const source = await startStreamingRegistry();
  const destination = await startStreamingRegistry();
  const registries = [source, destination].map(({ host }) => ({
    host,
    plainHttp: true,
  }));
  const plugin = await startMeasured(stagedPlugin(), { registries });
  try {
    const { source: from, digest, policy } = await offerLarge(source, size);
    const to = `${destination.host}/mirror/large:1`;
    const inputs = { source: from, destination: to, policy };
    await plugin.create({ name: "large", inputs });
    expect(destination.tag("mirror/large", "1")).toBe(digest);
    return plugin.cost().peakMebibytes;
  } finally {
    await plugin.end();
    await Promise.all([source.close(), destination.close()]);
  }
}

onLinux(
  "G5: memory does not grow with the size of a blob: 256 MiB pass through less than 150 MiB, hardly more than 32 MiB do",
  async () => {
    const small = (await peakFor(32 * mebibyte)) ?? Number.NaN;
    const large = (await peakFor(256 * mebibyte)) ?? Number.NaN;
    expect(large).toBeLessThan(150);
    expect(large - small).toBeLessThan(40);
  },
);
