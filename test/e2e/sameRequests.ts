import { readFileSync } from "node:fs";
import type { Report } from "../engine/report";
import { inCliScene, must, type CliScene } from "./cliScene";

/** One call of the provider about a resource. */
interface Call {
  readonly method: string;
  readonly request: unknown;
  /** only in the CLI's log, which has a line when a call begins and one when it ends */
  readonly progress?: string;
}

/** What proves that the other lifecycle tests, which run on the small engine, speak for the CLI too. */
export function sameRequests(cli: string): void {
  test("the small engine sends the provider what the CLI sends it, through the main job", () =>
    inCliScene(cli, {}, async (scene) => {
      const second = await scene.publish("two");
      const first = await scene.publish("one");
      const move = () => retag(scene, second.digest);
      scene.app();
      const ours = await byEngine(scene, move);
      startOver(scene);
      retag(scene, first.digest);
      const theirs = await byCli(scene, move);
      expect(ours.map(({ method }) => method)).toEqual(
        theirs.map(({ method }) => method),
      );
      expect(ours).toEqual(theirs);
    }));
}

async function byEngine(
  scene: CliScene,
  move: () => void,
): Promise<readonly Call[]> {
  const { engine } = scene;
  const reports: Report[] = [];
  reports.push(await engine.preview(), await engine.up());
  reports.push(await engine.preview());
  move();
  reports.push(await engine.preview(), await engine.up());
  reports.push(await engine.destroy());
  return reports.flatMap(({ calls }) => calls).flatMap(comparable);
}

async function byCli(
  scene: CliScene,
  move: () => void,
): Promise<readonly Call[]> {
  await must(scene.pulumi("preview"));
  await must(scene.pulumi("up", "--yes", "--skip-preview"));
  await must(scene.pulumi("preview"));
  move();
  await must(scene.pulumi("preview"));
  await must(scene.pulumi("up", "--yes", "--skip-preview"));
  await must(scene.pulumi("destroy", "--yes", "--skip-preview"));
  const lines = readFileSync(scene.grpcLog, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line)).flatMap(comparable);
}

function retag({ source }: CliScene, digest: string): void {
  source.setTag("acme/app", "1", digest);
}

/** The destination as it was before anything was copied. */
function startOver({ destination }: CliScene): void {
  for (const name of destination.repositories()) {
    for (const tag of destination.tags(name)) destination.deleteTag(name, tag);
    for (const digest of destination.manifests(name))
      destination.deleteManifest(name, digest);
  }
}

const service = "/pulumirpc.ResourceProvider/";
const compared = ["Check", "Diff", "Create", "Update", "Read", "Delete"];

/** A call about a resource; what is made up anew in each run is taken out, and so is what says nothing. */
function comparable(one: Call): readonly Call[] {
  const method = one.method.replace(service, "");
  if (!compared.includes(method) || one.progress === "request_started")
    return [];
  const said = Object.entries(Object(one.request)).filter(
    ([name, value]) => !madeUp.includes(name) && !isDefault(value),
  );
  const text = JSON.stringify(Object.fromEntries(said), (name, value) =>
    name === "verifiedAt" ? "(made up)" : value,
  );
  return [{ method, request: JSON.parse(text) }];
}

const madeUp = ["randomSeed", "resourceStatusAddress", "resourceStatusToken"];

/** In protobuf a default value and none are the same. */
function isDefault(value: unknown): boolean {
  const isEmpty = Array.isArray(value) && value.length === 0;
  return value === false || value === 0 || value === "" || isEmpty;
}
