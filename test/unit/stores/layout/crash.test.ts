import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleExecutable } from "../../../engine/bundle";
import { artifact } from "../../../contract/storeSamples";
import { newPlace, reach, type Place } from "./place";

let folder: string;
let writer: string;
let place: Place;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "writer-"));
  writer = bundleExecutable(join(__dirname, "writer.ts"), folder, "writer.js");
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  place = await newPlace();
});
afterEach(() => place.remove());

interface Run {
  readonly child: ChildProcessWithoutNullStreams;
  /** what it said to be done */
  readonly done: string[];
  readonly ended: Promise<unknown>;
}

function write(name: string, rounds: number): Run {
  return watch(
    spawn(process.execPath, [writer, place.path, name, String(rounds)]),
  );
}

function watch(child: ChildProcessWithoutNullStreams): Run {
  const done: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    done.push(...text.split("\n").filter(Boolean));
  });
  child.stderr.pipe(process.stderr);
  return { child, done, ended: once(child, "close") };
}

/** Everything that was said to be done is there: its tag, its bytes, and its place among the referrers. */
async function requireAll(names: readonly string[]): Promise<void> {
  const { source } = place;
  const tags = await source.tags(reach);
  expect(names.filter((name) => !tags.includes(name))).toEqual([]);
  const subject = artifact("subject").descriptor;
  const listed = await source.referrers(subject.digest, reach);
  const digests = new Set(listed.map((node) => node.digest));
  for (const name of names) {
    const { descriptor } = artifact(name, subject);
    expect(digests).toContain(descriptor.digest);
    expect(await source.resolve(name, reach)).toEqual(descriptor);
  }
}

test("eight processes that write one layout at the same time lose no entry (W163, G11)", async () => {
  const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
  const runs = names.map((name) => write(name, 6));
  await Promise.all(runs.map((run) => run.ended));
  expect(runs.map((run) => [run.child.exitCode, run.done.length])).toEqual(
    names.map(() => [0, 6]),
  );
  await requireAll(runs.flatMap((run) => run.done));
});

test("a process that is killed at any point loses nothing that was done, and the next run goes on and clears up (W162)", async () => {
  const done: string[] = [];
  for (let round = 0; round < 6; round += 1) {
    const run = write(`r${round}`, 1000);
    while (run.done.length < 2 + round) {
      await Promise.race([once(run.child.stdout, "data"), run.ended]);
      expect(run.child.exitCode).toBe(null);
    }
    run.child.kill("SIGKILL");
    await run.ended;
    done.push(...run.done);
    await requireAll(done);
  }
  const last = write("last", 1);
  await last.ended;
  await requireAll([...done, ...last.done]);
  const left = await readdir(place.path, { recursive: true });
  expect(left.filter((name) => name.includes(".part"))).toEqual([]);
});

test("a disk that takes no more ends the run with its errno, and the old index and no half files stay", async () => {
  const limited = 'ulimit -f 4 && exec "$@"'; // no file of more than 4 KiB
  const run = watch(
    spawn("bash", [
      "-c",
      limited,
      "_",
      process.execPath,
      writer,
      place.path,
      "full",
      "1000",
    ]),
  );
  await run.ended;
  const last = run.done.pop();
  expect(last).toMatch(/^MirrorError: could not .*: destination oci:.*EFBIG; /);
  expect(run.child.exitCode).toBe(1);
  expect(run.done.length).toBeGreaterThan(3);
  await requireAll(run.done);
  const left = await readdir(place.path, { recursive: true });
  expect(left.filter((name) => /part|lock/.test(name))).toEqual([]);
  await write("after", 1).ended;
  await requireAll([...run.done, "after-0"]);
});
