import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../../../provider/stores/layout/lock";
import { refusalOf } from "./place";

let folder: string;
let path: string;
const signal = new AbortController().signal;
const where = { side: "destination", reference: "oci:./dir" } as const;
const what = "could not write";
const quick = {
  what,
  where,
  signal,
  staleMs: 300,
  deadMs: 60,
  patienceMs: 5_000,
};
const host = hostname().replaceAll(/[^A-Za-z0-9]/g, "_");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
  path = join(folder, "lock");
});
afterEach(() => rm(folder, { recursive: true }));

test("only one of many works at a time, and nothing is left (W163)", async () => {
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  const work = (who: number) =>
    withLock(path, quick, async (held) => {
      inside += 1;
      most = Math.max(most, inside);
      await held.verify();
      inside -= 1;
      order.push(who);
    });
  await Promise.all([1, 2, 3, 4, 5].map(work));
  expect(most).toBe(1);
  expect(order.toSorted((one, two) => one - two)).toEqual([1, 2, 3, 4, 5]);
  expect(await readdir(folder)).toEqual([]);
});

test("the lock is freed when the work fails, and the work's error comes out", async () => {
  const failing = withLock(path, quick, () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(await withLock(path, quick, () => Promise.resolve(7))).toBe(7);
});

test.each([
  ["of another machine without heartbeat", "elsewhere~1~x\n"],
  ["of a process of this machine that is gone", `${host}~${2 ** 22 + 1}~x\n`],
  ["whose owner died before it could write its name", ""],
])("a lock %s is taken over", async (_, words) => {
  await writeFile(path, words);
  expect(await withLock(path, quick, () => Promise.resolve(7))).toBe(7);
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ["of a process of this machine that is gone", `${host}~${2 ** 22 + 1}~x\n`],
  ["whose owner died before it could write its name", ""],
  ["whose owner died while it wrote its name", "elsewhere~1"],
])("a lock %s is taken over long before it is stale", async (_, words) => {
  await writeFile(path, words);
  const unhurried = { ...quick, staleMs: 60_000 };
  expect(await withLock(path, unhurried, () => Promise.resolve(7))).toBe(7);
});

test("of many that wait for a stale lock, each gets its turn, one at a time", async () => {
  await writeFile(path, "elsewhere~1~x\n");
  let inside = 0;
  const work = () =>
    withLock(path, { ...quick, staleMs: 60 }, async (held) => {
      inside += 1;
      expect(inside).toBe(1);
      await held.verify();
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 8 }, work));
  expect(await readdir(folder)).toEqual([]);
});

test("a lock with a heartbeat is not taken over, however long it is held", async () => {
  const impatient = { ...quick, patienceMs: 900 };
  await withLock(path, quick, async (held) => {
    const other = withLock(path, impatient, () => Promise.resolve());
    expect(await refusalOf(other)).toBe("conflict LOCKED");
    await held.verify();
    expect(await readFile(path, "utf8")).toMatch(/\n\.{2,}$/);
  });
});

test("who has lost the lock is told so, and does not free it for the new owner", async () => {
  await withLock(path, quick, async (held) => {
    await rm(path);
    await writeFile(path, "elsewhere~1~new\n");
    expect(await refusalOf(held.verify())).toBe("conflict LOCKED");
  });
  expect(await readFile(path, "utf8")).toBe("elsewhere~1~new\n");
});

test("waiting ends with the run", async () => {
  const stop = new AbortController();
  await withLock(path, quick, async () => {
    const waiting = { ...quick, signal: stop.signal };
    const other = withLock(path, waiting, () => Promise.resolve());
    stop.abort(new Error("stop"));
    await expect(other).rejects.toThrow();
  });
});

test("a lock in a directory that is not there is an error, not a wait", async () => {
  const lost = withLock(join(path, "x"), quick, () => Promise.resolve());
  await expect(lost).rejects.toMatchObject({ code: "ENOENT" });
});
