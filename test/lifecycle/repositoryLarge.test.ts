import { costOf } from "../bench/pluginUnderMeasure";
import type { Report } from "../engine/report";
import { counts } from "../registry/recorder";
import { mirroredTags, must, publishTags, repositoryOf } from "./repositories";
import { inScene, type Scene } from "./scene";

jest.setTimeout(900_000);

/** registry.md G5: of the whole plugin */
const pluginMebibytes = 384;

const versions = (count: number, major = 1): readonly string[] =>
  Array.from(
    { length: count },
    (_, at) => `${major}.${Math.floor(at / 100)}.${at % 100}`,
  );

/** Runs it, says how long it took, and answers the most memory that a plugin of its took. */
async function measured(
  scene: Scene,
  what: string,
  run: () => Promise<Report>,
): Promise<{ readonly report: Report; readonly peakMebibytes: number }> {
  const pids = new Set<number>();
  let peakMebibytes = 0;
  scene.onCall = ({ pid = 0 }) => void pids.add(pid);
  const looking = setInterval(() => {
    const peaks = [...pids].map((pid) => costOf(pid).peakMebibytes ?? 0);
    peakMebibytes = Math.max(peakMebibytes, ...peaks);
  }, 50);
  scene.source.resetRequests();
  scene.destination.resetRequests();
  const from = performance.now();
  const report = await run().finally(() => clearInterval(looking));
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  process.stderr.write(
    `large: ${what}: ${seconds} s, ${Math.round(peakMebibytes)} MiB, ${said(report).length} characters\n`,
  );
  return { report, peakMebibytes };
}

/** What is printed, but for the outputs, which are the program's own choice. */
const said = ({ text }: Report): string =>
  text.slice(
    0,
    text.includes("\nOutputs:") ? text.indexOf("\nOutputs:") : undefined,
  );

function asked({ source, destination }: Scene) {
  const requests = [...source.requests, ...destination.requests];
  const { token: _, challenge: __, ...others } = counts(requests);
  return others;
}

test("10,000 tags: mirrored, looked at with a list a side alone, one more found among them, within 384 MiB and few bytes of state a tag", () =>
  inScene({ source: { pageSize: 1000 } }, async (scene) => {
    const many = 10_000;
    const named = await publishTags(scene, versions(many), { signed: false });
    const policy = { unverified: "what is measured is the number of tags" };
    const rules = { tags: { mode: "semver" }, evidence: { copy: "none" } };
    scene.declare({ app: repositoryOf(scene, { ...rules, policy }) });
    const { engine } = scene;
    const up = await measured(scene, "first up", () => must(engine.up()));
    expect(mirroredTags(scene)).toEqual(named);

    const same = await measured(scene, "nothing changed", () =>
      must(engine.preview({ expectNoChanges: true })),
    );
    expect(asked(scene)).toEqual({ "GET tags": 2 * (many / 100) });

    const added = await publishTags(scene, ["2.0.0"], { signed: false });
    const more = await measured(scene, "one more", () => must(engine.up()));
    expect(mirroredTags(scene)).toEqual({ ...named, ...added });
    expect(said(more.report)).toContain("2.0.0");
    expect(said(more.report).length).toBeLessThan(4_000);

    const state = JSON.stringify(engine.resource("app")).length / many;
    process.stderr.write(`large: ${Math.round(state)} bytes of state a tag\n`);
    expect(state).toBeLessThan(400);
    const peaks = [up, same, more].map((one) => one.peakMebibytes);
    expect(Math.max(...peaks)).toBeLessThan(pluginMebibytes);
  }));

test("5,000 tags of which a hundred are refused: the preview has counts, then every refusal by name, and stays readable", () =>
  inScene({}, async (scene) => {
    await publishTags(scene, versions(4_900));
    const bad = versions(100, 2);
    await publishTags(scene, bad, { signed: false });
    scene.declare({ app: repositoryOf(scene, { tags: { mode: "semver" } }) });
    const { report, peakMebibytes } = await measured(scene, "5,000", () =>
      scene.engine.preview(),
    );
    expect(report.exitCode).toBe(1);
    const text = said(report);
    expect(text).toContain("4900 to add, 100 refused");
    for (const tag of bad) expect(text).toContain(`${tag}@sha256:`);
    expect(text.length).toBeLessThan(40_000);
    const longest = Math.max(...text.split("\n").map((line) => line.length));
    expect(longest).toBeLessThan(4_000);
    expect(peakMebibytes).toBeLessThan(pluginMebibytes);
  }));
