import { writes } from "../registry/recorder";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { keySigner } from "../samples/signers";
import { inScene, type Scene } from "./scene";

type Members = Readonly<Record<string, unknown>>;

/** A mirrored artifact whose verdict has aged, as state says. */
async function aged(scene: Scene, verdict: Members, more: Members = {}) {
  const published = await scene.publish("one");
  scene.app(more);
  expect((await scene.engine.up()).exitCode).toBe(0);
  scene.engine.amend("app", (outputs) => ({
    ...outputs,
    verification: { ...Object(outputs.verification), ...verdict },
  }));
  const [atSource, atDestination] = [scene.source, scene.destination].map(
    ({ requests }) => requests.length,
  );
  return {
    published,
    asked: () => scene.source.requests.slice(atSource).map(({ kind }) => kind),
    written: () => writes(scene.destination.requests.slice(atDestination)),
  };
}

const yesterday = new Date(Date.now() - 25 * 3_600_000).toISOString();
const ages: [string, Members, Members, string][] = [
  [
    "what satisfied is valid no longer",
    { validUntil: yesterday },
    {},
    "verification.stale",
  ],
  [
    "it was judged longer ago than reverify says",
    { verifiedAt: yesterday },
    { reverify: "24h" },
    "verification.stale",
  ],
  [
    "it was judged by an older provider",
    { verifierEpoch: 1 },
    {},
    "verification.verifierEpoch",
  ],
  [
    "it was judged with other trust",
    { policyDigest: `sha256:${"0".repeat(64)}` },
    {},
    "verification.policyDigest",
  ],
];

test.each(ages)(
  "a verdict ages: where %s, it is made again by preview and up, and nothing is copied",
  (_, verdict, more, path) =>
    inScene({}, async (scene) => {
      const { asked, written } = await aged(scene, verdict, more);
      const preview = await scene.engine.preview();
      expect(preview.exitCode).toBe(0);
      expect(
        preview.steps.find(({ op }) => op === "update")?.diff,
      ).toHaveProperty([path]);
      expect(preview.text).toMatch(/signed by key sha256:.*would copy nothing/);
      expect(asked()).toContain("blob");
      expect((await scene.engine.up()).exitCode).toBe(0);
      expect(written()).toEqual([]);
      const settled = await scene.engine.preview({ expectNoChanges: true });
      expect(settled.exitCode).toBe(0);
    }),
);

test("a verdict that has aged is refused where only a stranger's signature is left, in preview and in up, and nothing changes", () =>
  inScene({}, async (scene) => {
    const { published, written } = await aged(scene, { validUntil: yesterday });
    const layers = [await signatureLayer(published, keySigner())];
    await attachLegacy(scene.vendor, published, { suffix: "sig", layers });
    for (const run of [await scene.engine.preview(), await scene.engine.up()]) {
      expect(run.exitCode).toBe(1);
      expect(run.text).toContain("signedBy SIGNATURE_INVALID");
    }
    expect(written()).toEqual([]);
  }));

test("a verdict that has not aged is not made again", () =>
  inScene({}, async (scene) => {
    const { asked } = await aged(scene, {}, { reverify: "24h" });
    const preview = await scene.engine.preview({ expectNoChanges: true });
    expect(preview.exitCode).toBe(0);
    expect(asked()).not.toContain("blob");
  }));
