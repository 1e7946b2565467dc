import { emptyConfig, manifest } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { put } from "../samples/target";
import { inTime } from "./cooled";
import { mirroredTags, must, publishTags, repositoryOf } from "./repositories";
import type { Scene } from "./scene";

jest.setTimeout(180_000); // many runs a test

const firstSeen = { duration: "72h", by: "firstSeen" };
const names = (scene: Scene) => Object.keys(mirroredTags(scene)).sort();
const stateOf = ({ engine }: Scene) => Object(engine.resource("app")?.outputs);

function declare(scene: Scene, minAge: object, more: object = {}): void {
  const tags = { mode: "semver", minAge };
  scene.declare({ app: repositoryOf(scene, { tags, ...more }) });
}

test("a new repository by firstSeen mirrors nothing yet: every tag waits, is named with its date, and comes in by it", () =>
  inTime(async (scene, clock) => {
    await publishTags(scene, ["1.0.0", "1.1.0"]);
    declare(scene, firstSeen);
    const preview = await must(scene.engine.preview());
    expect(preview.text).toMatch(/1\.1\.0.*it may come in on 20.*by firstSeen/);
    await must(scene.engine.up());
    expect(names(scene)).toEqual([]);
    expect(Object.keys(stateOf(scene).candidates)).toEqual(["1.0.0", "1.1.0"]);
    const settled = await scene.engine.preview({ expectNoChanges: true });
    expect(settled.exitCode).toBe(0);
    clock.move("73h");
    await publishTags(scene, ["1.2.0"]);
    await must(scene.engine.up());
    expect(names(scene)).toEqual(["1.0.0", "1.1.0"]);
    expect(Object.keys(stateOf(scene).candidates)).toEqual(["1.2.0"]);
  }));

test("what is there at the start may be admitted; what comes later waits, and the others are mirrored meanwhile", () =>
  inTime(async (scene, clock) => {
    await publishTags(scene, ["1.0.0"]);
    declare(scene, { ...firstSeen, onNew: "admit" });
    await must(scene.engine.up());
    expect(names(scene)).toEqual(["1.0.0"]);
    await publishTags(scene, ["1.1.0"]);
    await must(scene.engine.up());
    clock.move("73h");
    await publishTags(scene, ["1.2.0"]);
    const preview = await must(scene.engine.preview());
    expect(preview.text).toMatch(/1\.2\.0.*it may come in on 20/);
    await must(scene.engine.up());
    expect(names(scene)).toEqual(["1.0.0", "1.1.0"]);
  }));

test("a tag that moved waits with what it newly names, and keeps what it named", () =>
  inTime(async (scene, clock) => {
    const replaceTag = "verified";
    const before = await publishTags(scene, ["1.0.0"]);
    declare(scene, { ...firstSeen, onNew: "admit" }, { replaceTag });
    await must(scene.engine.up());
    const after = await publishTags(scene, ["1.0.0"], { seed: "two" });
    await must(scene.engine.up());
    expect(mirroredTags(scene)).toEqual(before);
    clock.move("71h");
    const settled = await scene.engine.preview({ expectNoChanges: true });
    expect(settled.exitCode).toBe(0);
    clock.move("73h");
    await must(scene.engine.up());
    expect(mirroredTags(scene)).toEqual(after);
  }));

test("where the highest is too young, the former one stays until it is of age", () =>
  inTime(async (scene, clock) => {
    await publishTags(scene, ["1.0.0"]);
    const tags = { mode: "highest", minAge: { ...firstSeen, onNew: "admit" } };
    const more = { tags, prune: "untag" };
    scene.declare({ app: repositoryOf(scene, more) });
    await must(scene.engine.up());
    await publishTags(scene, ["1.1.0"]);
    await must(scene.engine.up());
    expect(names(scene)).toEqual(["1.0.0"]);
    clock.move("73h");
    await must(scene.engine.up());
    expect(names(scene)).toEqual(["1.1.0"]);
  }));

/** Tiny artifacts, each with the date that it says. */
async function publishDated(
  scene: Scene,
  dates: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  for (const [tag, date] of Object.entries(dates)) {
    const annotations = {
      seed: tag,
      ...(date !== undefined && { "org.opencontainers.image.created": date }),
    };
    const made = manifest({ config: emptyConfig, layers: [], annotations });
    const subject = await put(scene.vendor, made, tag);
    const layers = [await signatureLayer(subject, scene.signer)];
    await attachLegacy(scene.vendor, subject, { suffix: "sig", layers });
  }
}

test("by created the young wait and the old come in at once; what is not dated is refused, and stops nobody", () =>
  inTime(async (scene, clock) => {
    const young = new Date(Date.now() - 3_600_000).toISOString();
    await publishDated(scene, {
      "1.0.0": "2026-01-01T00:00:00Z",
      "1.1.0": young,
      "1.2.0": undefined,
    });
    declare(scene, { duration: "72h", by: "created" });
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toMatch(/1\.1\.0.*created 20.*it may come in on 20/);
    expect(preview.text).toMatch(/1\.2\.0.*AGE_UNKNOWN/);
    expect((await scene.engine.up()).exitCode).toBe(1);
    expect(names(scene)).toEqual(["1.0.0"]);
    expect(stateOf(scene).refused).toMatchObject({
      "1.2.0": { code: "AGE_UNKNOWN" },
    });
    clock.move("72h");
    expect((await scene.engine.up()).exitCode).toBe(1);
    expect(names(scene)).toEqual(["1.0.0", "1.1.0"]);
  }));
