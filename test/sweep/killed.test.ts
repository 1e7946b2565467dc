import { stagedPlugin } from "../lifecycle/stage";
import {
  copy,
  flawsAt,
  moments,
  pointsOf,
  rerun,
  type Moment,
  type Scene,
} from "./copying";
import { beginnings, Destination } from "./destinations";
import { startPlugin, type Plugin } from "./plugin";
import { openPool, type Pool } from "./pool";
import { openVendor } from "./vendor";

let scene: Scene;
let pool: Pool;

beforeAll(async () => {
  const executable = stagedPlugin();
  const helper = await startPlugin(executable);
  scene = { vendor: await openVendor(), helper };
  pool = openPool(executable);
});
afterAll(async () => {
  const { helper, vendor } = scene;
  await Promise.all([pool.end(), helper.end(), vendor.registry.close()]);
});

/** Kills the plugin at a request, by arrival at either registry. */
async function killAt(
  point: number,
  moment: Moment,
  at: { readonly plugin: Plugin; readonly destination: Destination },
): Promise<void> {
  const { plugin, destination } = at;
  let seen = 0;
  const by = { plugin, vendor: scene.vendor };
  await copy(by, destination, async (now) => {
    if (now !== moment) return;
    seen += 1;
    if (seen < point) return;
    plugin.signal("SIGKILL");
    await plugin.gone;
    throw new Error("nobody is there to be answered");
  });
  if (seen >= point) await plugin.gone;
}

describe.each(moments)("killed when a request has %s", (moment) => {
  test.each(beginnings)(
    "§5.5, G1–G4: into a destination with %s: at no request a half artifact is named, and the next run sends only what is missing",
    async (beginning) => {
      const points = await pointsOf(scene, beginning, moment);
      const found = await flawsAt(points, async (point) => {
        const { vendor, helper } = scene;
        const destination = await Destination.open(vendor, beginning, helper);
        const plugin = await pool.next();
        vendor.registry.resetRequests();
        await killAt(point, moment, { plugin, destination });
        const flaws = destination.flaws();
        const later = await rerun(scene, destination);
        await Promise.all([plugin.end(), destination.registry.close()]);
        return [...flaws, ...later];
      });
      expect(found).toEqual({});
      expect(points.length).toBeGreaterThan(10);
    },
    240_000,
  );
});
