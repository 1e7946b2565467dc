import { join } from "node:path";
import {
  copyAllTagsCommand,
  copyCommand,
  regsyncCommand,
  type Command,
  type CopyJob,
} from "../../peers/copying";
import { runMeasured, type Measured } from "../../peers/measured";
import type { PeerTool } from "../../peers/tools";
import { mapAtOnce } from "../runs";
import type { Contestant, Course, Result, Track } from "./course";
import type { Offer } from "./offers";

/** How a tool is to be run: by its defaults, or by the best flags that we know. */
export interface Tuning {
  readonly name: string;
  /** crane's `--jobs`, regsync's `parallel` */
  readonly jobs?: number;
}

const processesAtOnce = 8;

/** A tool of the field; one that copies one artifact a call is run by eight processes at once. */
export function theirs(tool: PeerTool, tuning?: Tuning): Contestant {
  const isMany = tool.name === "regsync";
  return {
    name: tuning === undefined ? tool.name : `${tool.name} ${tuning.name}`,
    tool,
    enters: (course) => {
      if (course.withEvidence)
        return tool.name === "regctl" || tool.name === "oras";
      const hasJobs = tool.name === "crane" ? course.isWholeRepository : isMany;
      return tuning === undefined || (hasJobs && course.offers.length > 1);
    },
    prepare: async (course, track) => {
      const { before } = course;
      const commands = (offers: readonly Offer[]) =>
        commandsOf(tool, { offers, course, track, tuning });
      if (before.length > 0) await run(commands(before), track);
      return () => run(commands(course.offers), track);
    },
  };
}

function commandsOf(
  tool: PeerTool,
  race: {
    readonly offers: readonly Offer[];
    readonly course: Course;
    readonly track: Track;
    readonly tuning: Tuning | undefined;
  },
): readonly Command[] {
  const { offers, course, track, tuning } = race;
  const { trust, way, folder, sourceHost, destinationHost } = track;
  const at = {
    folder: join(folder, tool.name),
    withEvidence: course.withEvidence,
    ...(way.tls ? { caFile: trust.caFile } : {}),
    ...(tuning?.jobs === undefined ? {} : { jobs: tuning.jobs }),
  };
  const jobs = offers.map(({ from, to }): CopyJob => ({
    source: `${sourceHost}/${from}`,
    destination: `${destinationHost}/${to}`,
  }));
  const [first] = jobs;
  if (course.isWholeRepository && first !== undefined) {
    const whole = {
      source: bare(first.source),
      destination: bare(first.destination),
    };
    const command = copyAllTagsCommand(tool, whole, at);
    if (command) return [command];
  }
  if (tool.name === "regsync") return [regsyncCommand(tool, jobs, at)];
  return jobs.map((job) => copyCommand(tool, job, at));
}

const bare = (reference: string): string => reference.replace(/:[^/:]+$/, "");

async function run(
  commands: readonly Command[],
  { timeoutMs }: Track,
): Promise<Result> {
  const began = performance.now();
  const all = await mapAtOnce(commands, processesAtOnce, (command) =>
    runMeasured(command, timeoutMs),
  );
  const bad = all.find(({ exitCode }) => exitCode !== 0);
  return {
    wallSeconds: (performance.now() - began) / 1000,
    cpuSeconds: all.reduce((sum, one) => sum + one.cpuSeconds, 0),
    peakMebibytes: Math.max(...all.map((one) => one.peakMebibytes)),
    ...(bad === undefined ? {} : { failed: whyFailed(bad) }),
  };
}

function whyFailed({ exitCode, output }: Measured): string {
  if (exitCode === undefined) return "too slow";
  return `exit ${exitCode}: ${output.trim().slice(-200)}`;
}
