import { stagedPlugin } from "../lifecycle/stage";
import { copy, flawsAt, pointsOf, type Scene } from "./copying";
import { Destination } from "./destinations";
import { startPlugin } from "./plugin";
import { openVendor } from "./vendor";

const lanes = 4;
let scenes: readonly Scene[];

beforeAll(async () => {
  const open = async (): Promise<Scene> => ({
    vendor: await openVendor(),
    helper: await startPlugin(stagedPlugin()),
  });
  scenes = await Promise.all(Array.from({ length: lanes }, open));
});
afterAll(() =>
  Promise.all(
    scenes.map(async ({ helper, vendor }) => {
      await helper.end();
      await vendor.registry.close();
    }),
  ),
);

/** Restarts whichever registry is asked when the request arrives: what is wrong when the run has ended. */
async function restartAt(
  point: number,
  { vendor, helper }: Scene,
  forgetUploads: boolean,
): Promise<readonly string[]> {
  const destination = await Destination.open(vendor, "nothing", helper);
  const most = 2 * destination.mostBytes();
  vendor.registry.resetRequests();
  let seen = 0;
  const failure = await copy(
    { plugin: helper, vendor },
    destination,
    async (now, request) => {
      if (now !== "arrived") return;
      seen += 1;
      if (seen !== point) return;
      const isOurs = destination.registry.requests.includes(request);
      const { registry } = isOurs ? destination : vendor;
      await registry.restart({ forgetUploads });
    },
  );
  const sent = destination.bytesSent();
  const flaws = destination.flaws();
  await destination.registry.close();
  return [
    ...(failure ? [`the run failed: ${failure.message}`] : []),
    ...(destination.tag === vendor.fresh.digest ? [] : ["no tag"]),
    ...(sent <= most ? [] : [`sent ${sent} bytes, not ${most}`]),
    ...flaws,
  ];
}

test.each([
  ["that knows its uploads still", false],
  ["with another secret, which knows none", true],
])(
  "§5.5, 5: a registry %s is back after any request: the very same run comes to its end, and no blob goes over more than twice",
  async (_, forgetUploads) => {
    const [first] = scenes;
    if (!first) throw new Error("no scene");
    const points = await pointsOf(first, "nothing", "arrived");
    const found = await Promise.all(
      scenes.map((scene, lane) =>
        flawsAt(
          points.filter((__, at) => at % lanes === lane),
          (point) => restartAt(point, scene, forgetUploads),
        ),
      ),
    );
    expect(found).toEqual(scenes.map(() => ({})));
  },
  240_000,
);
