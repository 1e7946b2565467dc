import { stagedPlugin } from "../lifecycle/stage";
import { copy, flawsAt, pointsOf, rerun, type Scene } from "./copying";
import { beginnings, Destination } from "./destinations";
import { startPlugin, type Plugin } from "./plugin";
import { openPool } from "./pool";
import { openVendor } from "./vendor";

const mostMs = 2000;
let scene: Scene;

beforeAll(async () => {
  const helper = await startPlugin(stagedPlugin());
  scene = { vendor: await openVendor(), helper };
});
afterAll(async () => {
  const { helper, vendor } = scene;
  await Promise.all([helper.end(), vendor.registry.close()]);
});

interface Stop {
  readonly point: number;
  readonly plugin: Plugin;
  readonly destination: Destination;
  readonly stop: () => Promise<void>;
}

/** Stops the run when a request has arrived, which nobody answers any more: what is wrong when the run has ended. */
async function stopAt(at: Stop): Promise<readonly string[]> {
  const { point, plugin, destination } = at;
  const flaws: string[] = [];
  let seen = 0;
  let release = (): void => undefined;
  const ended = new Promise<void>((done) => (release = done));
  let from = 0;
  const by = { plugin, vendor: scene.vendor };
  const run = copy(by, destination, async (now) => {
    if (now !== "arrived") return;
    seen += 1;
    if (seen !== point) return;
    from = performance.now();
    await at.stop();
    await ended;
    throw new Error("nobody waits for an answer");
  });
  const failure = await run;
  if (seen < point) return [];
  const tookMs = performance.now() - from;
  if (!failure) flaws.push("the run went on to its end");
  if (tookMs > mostMs) flaws.push(`it took ${Math.round(tookMs)} ms to stop`);
  // looked at before the request is let go, which makes the registry forget its upload
  for (const upload of destination.registry.openUploads())
    flaws.push(`the upload ${upload} is still open`);
  release();
  return [...flaws, ...destination.flaws()];
}

test.each(beginnings)(
  "N65, G17: cancelled at any request into a destination with %s, which is never answered: the run ends within two seconds, gives its uploads up and names nothing half",
  async (beginning) => {
    const { vendor, helper } = scene;
    const points = await pointsOf(scene, beginning, "arrived");
    const found = await flawsAt(points, async (point) => {
      const destination = await Destination.open(vendor, beginning, helper);
      vendor.registry.resetRequests();
      const stop = () => helper.cancel();
      const at = { point, plugin: helper, destination, stop };
      const flaws = await stopAt(at);
      const later = await rerun(scene, destination);
      await destination.registry.close();
      return [...flaws, ...later];
    });
    expect(found).toEqual({});
    expect(points.length).toBeGreaterThan(10);
  },
  240_000,
);

test("N65, G17: told to end by SIGTERM in the middle of an upload, the plugin gives it up first", async () => {
  const { vendor, helper } = scene;
  const pool = openPool(stagedPlugin());
  const all = await pointsOf(scene, "nothing", "arrived");
  const points = all.filter((_, at) => at % 8 === 0);
  const found = await flawsAt(points, async (point) => {
    const destination = await Destination.open(vendor, "nothing", helper);
    const plugin = await pool.next();
    const stop = async () => plugin.signal("SIGTERM");
    const flaws = await stopAt({ point, plugin, destination, stop });
    await plugin.gone;
    const later = await rerun(scene, destination);
    await Promise.all([plugin.end(), destination.registry.close()]);
    return [...flaws, ...later];
  });
  await pool.end();
  expect(found).toEqual({});
}, 120_000);
