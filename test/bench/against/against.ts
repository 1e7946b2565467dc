import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { installPeers } from "../../peers/tools";
import type { Contestant, Course, Result, Track } from "./course";
import {
  offerLarge,
  offerShared,
  offerSigned,
  offerSmall,
  offerUpdate,
} from "./offers";
import { ours } from "./ours";
import {
  makeTrust,
  startBenchRegistry,
  type BenchRegistry,
  type BenchWay,
  type Traffic,
  type Trust,
} from "./registries";
import { outcomeTable, type Outcome } from "./outcomes";
import { theirs } from "./theirs";

/** How much is measured. */
export interface Extent {
  readonly repetitions: number;
  /** artifacts of the scenarios with many of them */
  readonly count: number;
  /** only courses whose name has this in it */
  readonly only: string;
}

const ways: readonly BenchWay[] = [
  { tls: false, rttMs: 0 },
  { tls: true, rttMs: 0 },
  { tls: false, rttMs: 20 },
  { tls: true, rttMs: 20 },
];
const timeoutMs = 150_000;
const logArrivesMs = 100;

interface Grounds {
  readonly source: BenchRegistry;
  readonly destination: BenchRegistry;
  readonly trust: Trust;
  readonly folder: string;
}

/** All tools in one run, course by course and way by way; prints a table for each. */
export async function measureAgainst(extent: Extent): Promise<void> {
  const peers = installPeers();
  const { trust, certificate, end } = makeTrust();
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const source = await startBenchRegistry(certificate);
  const destination = await startBenchRegistry(certificate);
  const grounds = { source, destination, trust, folder };
  try {
    const contestants = [
      ours(8),
      ours(64),
      ...peers.map((tool) => theirs(tool)),
      ...peers.flatMap((tool) => {
        const isTunable = tool.name === "crane" || tool.name === "regsync";
        return isTunable ? [theirs(tool, { name: "-j 64", jobs: 64 })] : [];
      }),
    ];
    const courses = await offerAll(source, extent);
    for (const course of courses) {
      for (const way of ways) {
        const outcomes = await race(grounds, {
          course,
          way,
          contestants,
          extent,
        });
        console.log(`\n${outcomeTable({ course, way, outcomes })}`);
      }
    }
  } finally {
    source.end();
    destination.end();
    end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function offerAll(
  source: BenchRegistry,
  { count, only }: Extent,
): Promise<readonly Course[]> {
  const origin = `http://${source.host({ tls: false, rttMs: 0 })}`;
  const plain = { before: [], isWholeRepository: false, withEvidence: false };
  const small = await offerSmall(origin, count);
  const [old, fresh] = await offerUpdate(origin);
  const update = { offers: fresh ? [fresh] : [], before: old ? [old] : [] };
  const many = { ...plain, offers: small, isWholeRepository: true };
  const large = await offerLarge(origin);
  const signed = await offerSigned(origin, count);
  const all: readonly Course[] = [
    { ...plain, name: "large, cold: three layers of 64 MiB", offers: large },
    { ...many, name: `small, cold: ${count} artifacts of two blobs` },
    { ...many, name: `no change: ${count} artifacts`, before: small },
    { ...plain, ...update, name: "update: one new layer of twenty" },
    {
      ...plain,
      name: "shared: 20 repositories over one base of 64 MiB",
      offers: await offerShared(origin),
    },
    {
      ...plain,
      name: `signed: ${count} artifacts with their signatures`,
      offers: signed,
      withEvidence: true,
    },
  ];
  return all.filter(({ name }) => name.includes(only));
}

/** Every tool runs once, in turn, and in the opposite turn the next time; the destination is empty before each. */
async function race(
  grounds: Grounds,
  wish: {
    readonly course: Course;
    readonly way: BenchWay;
    readonly contestants: readonly Contestant[];
    readonly extent: Extent;
  },
): Promise<readonly Outcome[]> {
  const { course, way, extent } = wish;
  const entered = wish.contestants.filter((one) => one.enters(course));
  const outcomes = entered.map(({ name }): Outcome => ({ name, runs: [] }));
  for (let at = 0; at < extent.repetitions; at += 1) {
    const turn = entered.map((contestant, which) => ({ contestant, which }));
    if (at % 2 === 1) turn.reverse();
    for (const { contestant, which } of turn) {
      const runs = outcomes[which]?.runs;
      if (runs?.some(({ result }) => result.failed !== undefined)) continue;
      runs?.push(await runOnce(grounds, { course, way, contestant }));
    }
  }
  return outcomes;
}

async function runOnce(
  { source, destination, trust, folder }: Grounds,
  wish: {
    readonly course: Course;
    readonly way: BenchWay;
    readonly contestant: Contestant;
  },
): Promise<{
  readonly result: Result;
  readonly source: Traffic;
  readonly destination: Traffic;
}> {
  const { course, way, contestant } = wish;
  destination.wipe();
  const track: Track = {
    way,
    trust,
    folder,
    timeoutMs,
    sourceHost: source.host(way),
    destinationHost: destination.host(way),
  };
  const run = await contestant.prepare(course, track);
  await setTimeout(logArrivesMs);
  source.takeTraffic();
  destination.takeTraffic();
  const result = await run();
  await setTimeout(logArrivesMs);
  return {
    result,
    source: source.takeTraffic(),
    destination: destination.takeTraffic(),
  };
}
