import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { measureAgainst } from "./against/against";
import { serveDelay } from "./against/delay";
import { executable, largeRun, smallRuns, type Run } from "./runs";
import { serveSide } from "./side";
import { medianOf, timeBareNode, timeStarts } from "./starts";
import { rateTable, requestTable, runTable, startLine } from "./table";
import { verificationRates } from "./verifications";

const limitMebibytes = 150;
const limitMs = 200;
const watchdogMs = 120_000;
const usage =
  "usage: make bench, or node test/run.mjs test/bench/main.ts [--part ours|against] [--only COURSE] [--runs N] [--size MiB] [--count N]";

async function bench(size: number, count: number): Promise<void> {
  const watchdog = setTimeout(() => {
    console.error(`not done after ${watchdogMs / 1000} s: stopped`);
    process.exit(1);
  }, watchdogMs);
  const [load = 0] = loadavg();
  console.log(
    `Node ${process.version}, ${process.platform} ${process.arch}, ${availableParallelism()} CPUs, load ${load.toFixed(1)}; plain HTTP on loopback, each registry in a process of its own\n`,
  );
  const starts = await timeStarts(executable, 11);
  console.log(startLine("spawn to port line, compile cache warm", starts));
  console.log(startLine("a bare Node's line", await timeBareNode(11)));
  console.log(`\n${rateTable(await verificationRates())}`);
  const small = await largeRun(Math.min(64, size));
  const large = await largeRun(size);
  const runs = [small, large, ...(await smallRuns(count))];
  console.log(`\n${runTable(runs)}\n\n${requestTable(runs)}\n`);
  if (medianOf(starts) > limitMs)
    console.log(`the port line took longer than ${limitMs} ms`);
  judge(large);
  clearTimeout(watchdog);
}

/** Memory is a promise; wall time depends on the machine. */
function judge({ name, peakMebibytes }: Run): void {
  if (peakMebibytes === undefined || peakMebibytes <= limitMebibytes) return;
  console.error(`${name}: more than ${limitMebibytes} MiB of memory`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      size: { type: "string", default: "1024" },
      count: { type: "string", default: "100" },
      part: { type: "string" },
      only: { type: "string", default: "" },
      runs: { type: "string", default: "3" },
      delay: { type: "string" },
      registry: { type: "string" },
    },
  });
  const { registry, delay, part, only } = values;
  if (delay !== undefined) return serveDelay(delay);
  if (registry !== undefined)
    return serveSide(registry === "full" ? "full" : "streaming");
  const [size, count] = [Number(values.size), Number(values.count)];
  if (!Number.isInteger(size) || !Number.isInteger(count) || size < 1)
    throw new Error(usage);
  if (part !== "against") await bench(size, count);
  const repetitions = Number(values.runs);
  if (part !== "ours") await measureAgainst({ repetitions, count, only });
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
