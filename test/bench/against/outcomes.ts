import { aligned } from "../table";
import type { Course, Result } from "./course";
import type { BenchWay, Traffic } from "./registries";

/** All runs of one tool on one course. */
export interface Outcome {
  readonly name: string;
  readonly runs: {
    readonly result: Result;
    readonly source: Traffic;
    readonly destination: Traffic;
  }[];
}

const mebibyte = 1024 * 1024;

/** One course on one way: medians, and how much longer than the first line each took. */
export function outcomeTable(table: {
  readonly course: Course;
  readonly way: BenchWay;
  readonly outcomes: readonly Outcome[];
}): string {
  const { course, way, outcomes } = table;
  const head = [
    `${course.name} (${way.tls ? "TLS" : "HTTP"}, ${way.rttMs} ms)`,
    "wall s",
    "min–max",
    "ratio",
    "CPU s",
    "RSS MiB",
    "requests",
    "MiB read",
  ];
  const best = median(outcomes[0]?.runs.map((one) => one.result.wallSeconds));
  const rows = outcomes.map((outcome) => rowOf(outcome, best));
  return aligned([head, ...rows]);
}

function rowOf({ name, runs }: Outcome, best: number): readonly string[] {
  const failed = runs.find(({ result }) => result.failed !== undefined);
  if (failed) return [name, failed.result.failed ?? ""];
  const walls = runs.map(({ result }) => result.wallSeconds);
  const wall = median(walls);
  const cpu = median(runs.map(({ result }) => result.cpuSeconds));
  const peak = median(runs.map(({ result }) => result.peakMebibytes));
  const source = median(runs.map((one) => one.source.requests));
  const destination = median(runs.map((one) => one.destination.requests));
  const read = median(runs.map((one) => one.source.bytesRead));
  return [
    name,
    wall.toFixed(2),
    `${Math.min(...walls).toFixed(2)}–${Math.max(...walls).toFixed(2)}`,
    `${(wall / best).toFixed(2)}`,
    cpu.toFixed(2),
    peak.toFixed(0),
    `${source}+${destination}`,
    (read / mebibyte).toFixed(1),
  ];
}

function median(values: readonly number[] = []): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
