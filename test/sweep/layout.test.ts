import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleExecutable } from "../engine/bundle";
import { stagedPlugin } from "../lifecycle/stage";
import { flawsAt, type Scene } from "./copying";
import { Layout } from "./layoutRuns";
import { startPlugin } from "./plugin";
import { openPool, type Pool } from "./pool";
import { remainsIn } from "./layouts";
import { openVendor } from "./vendor";

const lanes = 4;
const folder = mkdtempSync(join(tmpdir(), "trap-"));
let scenes: readonly Scene[];
let pool: Pool;

beforeAll(async () => {
  const executable = stagedPlugin();
  const trap = bundleExecutable(
    join(__dirname, "diskTrap.ts"),
    folder,
    "trap.js",
  );
  const environment = { NODE_OPTIONS: `--require=${trap}` };
  const open = async (): Promise<Scene> => ({
    vendor: await openVendor(),
    helper: await startPlugin(executable, environment),
  });
  scenes = await Promise.all(Array.from({ length: lanes }, open));
  pool = openPool(executable, environment);
});
afterAll(async () => {
  await pool.end();
  for (const { helper, vendor } of scenes) {
    await helper.end();
    await vendor.registry.close();
  }
  rmSync(folder, { recursive: true });
});

/** The steps to be swept: all that are not about a blob, and of those about blobs, which are alike, every twelfth. */
function pointsOf(steps: readonly string[]): readonly number[] {
  return steps.flatMap((step, at) =>
    step.includes("/blobs/sha256/") && at % 12 !== 0 ? [] : [at + 1],
  );
}

type Sweep = (
  point: number,
  layout: Layout,
  at: { readonly scene: Scene; readonly steps: readonly string[] },
) => Promise<readonly string[]>;

/** Every point once, in several layouts side by side. */
async function sweep(
  beginning: "nothing" | "an old tag",
  happen: Sweep,
): Promise<void> {
  const found = await Promise.all(
    scenes.map(async (scene, lane) => {
      const { helper } = scene;
      const layout = new Layout(scene, beginning);
      await layout.prepare(helper);
      const steps = await layout.steps(helper.orderFile, helper);
      rmSync(helper.orderFile);
      const points = pointsOf(steps).filter((_, at) => at % lanes === lane);
      expect(points.length).toBeGreaterThan(5);
      const flaws = await flawsAt(points, async (point) => {
        layout.reset();
        return happen(point, layout, { scene, steps });
      });
      layout.remove();
      return Object.fromEntries(
        Object.entries(flaws).map(([point, one]) => [
          `${point}: ${steps[Number(point.slice(6)) - 1]}`,
          one,
        ]),
      );
    }),
  );
  expect(found).toEqual(scenes.map(() => ({})));
}

/** The run after it: what is wrong with it, and how long it took. */
async function rerun(layout: Layout, { helper }: Scene) {
  const from = performance.now();
  const failure = await layout.bring(helper);
  const seconds = (performance.now() - from) / 1000;
  return [
    ...(failure ? [`the next run failed: ${failure.message}`] : []),
    ...(seconds < 60 ? [] : [`the next run took ${seconds} s`]),
    ...layout.flawsAtEnd(),
  ];
}

describe.each(["nothing", "an old tag"] as const)(
  "a layout with %s",
  (beginning) => {
    test(
      "§5.5, I3, I5: killed at any step on the disk: index.json is whole and complete, no lock blocks for long, and the next run ends and clears up",
      () =>
        sweep(beginning, async (at, layout, { scene }) => {
          const plugin = await pool.next();
          layout.order(plugin.orderFile, { at, how: "kill" });
          const failure = await layout.bring(plugin);
          await plugin.gone;
          const flaws = layout.flaws();
          await plugin.end();
          return [
            ...(failure ? [] : ["the run was not killed"]),
            ...flaws,
            ...(await rerun(layout, scene)),
          ];
        }),
      240_000,
    );

    test(
      "§5.3 enospc-layout: a disk that is full from any step on: DISK with its errno, the old index is intact, nothing unfinished stays, and the next run ends",
      () =>
        sweep(beginning, async (at, layout, { scene, steps }) => {
          const { helper } = scene;
          const isAllWritten = steps
            .slice(at - 1)
            .every((step) => step.startsWith("remove "));
          layout.order(helper.orderFile, { at, how: "full" });
          const failure = await layout.bring(helper);
          rmSync(helper.orderFile);
          const isDisk = failure?.message.includes(
            "the file system answers ENOSPC; free some space on that disk",
          );
          return [
            ...(isDisk || isAllWritten
              ? []
              : [`not ENOSPC: ${failure?.message}`]),
            ...layout.flaws(),
            ...remainsIn(layout.directory).map((name) => `${name} stays`),
            ...(await rerun(layout, scene)),
          ];
        }),
      240_000,
    );
  },
);
