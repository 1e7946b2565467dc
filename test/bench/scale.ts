import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { Report } from "../engine/report";
import { declareMany, requestsEach } from "../lifecycle/many";
import { inScene, type Scene } from "../lifecycle/scene";

/** Milliseconds in which at least one call to the provider was under way: ours and the network's. */
function busyMs({ calls }: Report): number {
  const spans = calls
    .map(({ startedMs, endedMs = startedMs }) => [startedMs, endedMs] as const)
    .sort(([one], [other]) => one - other);
  let until = 0;
  let busy = 0;
  for (const [from, to] of spans) {
    busy += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return busy;
}

async function measure(
  { scene, count }: { readonly scene: Scene; readonly count: number },
  what: string,
  run: () => Promise<Report>,
): Promise<void> {
  scene.source.resetRequests();
  scene.destination.resetRequests();
  const from = performance.now();
  const report = await run();
  const wall = performance.now() - from;
  if (report.exitCode !== 0) throw new Error(report.text.slice(-2000));
  const [all, ours] = [wall, busyMs(report)].map((ms) =>
    (ms / 1000).toFixed(1),
  );
  const each = JSON.stringify(requestsEach(scene, count));
  console.log(
    `${what}: ${all} s, of which ${ours} s with a call to the plugin under way, the rest engine and program; requests each ${each}`,
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { count: { type: "string", default: "1000" } },
  });
  const count = Number(values.count);
  const [load = 0] = loadavg();
  console.log(
    `${count} resources in one program; Node ${process.version}, ${availableParallelism()} CPUs, load ${load.toFixed(1)}; registries in the engine's process, no distance`,
  );
  for (const watch of ["none", "root"])
    await inScene({}, async (scene) => {
      await declareMany(scene, { count, watch });
      const at = { scene, count };
      const { engine } = scene;
      await measure(at, `first up, watch ${watch}`, () => engine.up());
      await measure(at, `second preview, watch ${watch}`, () =>
        engine.preview({ expectNoChanges: true }),
      );
    });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
