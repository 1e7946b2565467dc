import { resolve } from "node:path";
import type { Offered } from "./largeArtifact";
import {
  startMeasured,
  type Cost,
  type Declared,
  type Mirrored,
  type PluginUnderMeasure,
} from "./pluginUnderMeasure";
import { startSide, type Counts, type Side, type SideKind } from "./side";

/** What one run came to. */
export interface Run extends Cost {
  readonly name: string;
  readonly wallSeconds: number;
  readonly source: Counts;
  readonly destination: Counts;
}

export const executable = resolve(
  "dist/plugin/pulumi-resource-artifact-mirror",
);

const mebibyte = 1024 * 1024;
const atOnce = 8; // what the engine runs at once on two cores

interface Stage {
  readonly source: Side;
  readonly destination: Side;
  startPlugin(): Promise<PluginUnderMeasure>;
}

/** One large layer, from and to a registry that does not hold it. */
export function largeRun(mebibytes: number): Promise<Run> {
  return onStage("streaming", async (stage) => {
    const offered = await stage.source.offerLarge(mebibytes * mebibyte);
    const declared = declare(stage, offered, 0);
    const name = `${mebibytes} MiB blob, up`;
    const { run } = await measure(stage, name, (plugin) =>
      plugin.create(declared),
    );
    return run;
  });
}

/** Many small artifacts: brought in, and then looked at again by a new process. */
export function smallRuns(count: number): Promise<readonly Run[]> {
  return onStage("full", async (stage) => {
    const offers = await stage.source.offerMany(count);
    const declared = offers.map((one, at) => declare(stage, one, at));
    const up = await measure(stage, `${count} small, up`, (plugin) =>
      mapAtOnce(declared, atOnce, (one) => plugin.create(one)),
    );
    const again = await measure(stage, `${count} small, no change`, (plugin) =>
      mapAtOnce(up.result, atOnce, (one) => mustBeSame(plugin, one)),
    );
    return [up.run, again.run];
  });
}

async function onStage<Result>(
  kind: SideKind,
  work: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const [source, destination] = await Promise.all([
    startSide(kind),
    startSide(kind),
  ]);
  const hosts = [source.host, destination.host];
  const config = {
    registries: hosts.map((host) => ({ host, plainHttp: true })),
    credentials: hosts.map((registry) => ({
      registry,
      username: "mirror",
      password: "secret",
    })),
  };
  const startPlugin = () => startMeasured(executable, config);
  try {
    return await work({ source, destination, startPlugin });
  } finally {
    source.end();
    destination.end();
  }
}

/** A process of its own for each run, counted from its start. */
async function measure<Result>(
  { source, destination, startPlugin }: Stage,
  name: string,
  work: (plugin: PluginUnderMeasure) => Promise<Result>,
): Promise<{ readonly run: Run; readonly result: Result }> {
  await Promise.all([source.takeCounts(), destination.takeCounts()]);
  const began = performance.now();
  const plugin = await startPlugin();
  try {
    const result = await work(plugin);
    const wallSeconds = (performance.now() - began) / 1000;
    const run = {
      name,
      wallSeconds,
      ...plugin.cost(),
      source: await source.takeCounts(),
      destination: await destination.takeCounts(),
    };
    return { run, result };
  } finally {
    await plugin.end();
  }
}

function declare(stage: Stage, offered: Offered, at: number): Declared {
  const { source, policy } = offered;
  const destination = `${stage.destination.host}/mirror/app-${at}:1`;
  return { name: `app-${at}`, inputs: { source, destination, policy } };
}

async function mustBeSame(
  plugin: PluginUnderMeasure,
  mirrored: Mirrored,
): Promise<void> {
  if (!(await plugin.isSame(mirrored)))
    throw new Error(`${mirrored.name} should not have changed`);
}

/** Works on all items, so many at once. */
export async function mapAtOnce<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of queue) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
