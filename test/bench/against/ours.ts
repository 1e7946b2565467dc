import type { Properties } from "../../engine/values";
import { executable, mapAtOnce } from "../runs";
import {
  startMeasured,
  type Declared,
  type Mirrored,
  type PluginUnderMeasure,
} from "../pluginUnderMeasure";
import type { Contestant, Course, Result, Track } from "./course";
import type { Offer } from "./offers";

/** The real plugin, driven as by an engine that runs so many resources at once; each run is a process of its own, counted from its start. */
export function ours(atOnce: number): Contestant {
  return {
    name: `ours, ${atOnce} at once`,
    enters: () => true,
    prepare: async (course, track) => {
      const before = await bringBefore(course, track);
      return () =>
        timed(track, (plugin) =>
          run(plugin, { course, track, before, atOnce }),
        );
    },
  };
}

async function bringBefore(
  course: Course,
  track: Track,
): Promise<readonly Mirrored[]> {
  if (course.before.length === 0) return [];
  const plugin = await startMeasured(executable, configOf(track));
  try {
    const declared = declare(course.before, track);
    return await mapAtOnce(declared, 8, (one) => plugin.create(one));
  } finally {
    await plugin.end();
  }
}

async function run(
  plugin: PluginUnderMeasure,
  race: {
    readonly course: Course;
    readonly track: Track;
    readonly before: readonly Mirrored[];
    readonly atOnce: number;
  },
): Promise<void> {
  const { course, track, before, atOnce } = race;
  const known = new Map(before.map((one) => [one.name, one]));
  const declared = declare(course.offers, track);
  await mapAtOnce(declared, atOnce, async (one) => {
    const mirrored = known.get(one.name);
    if (mirrored === undefined) return plugin.create(one);
    if (mirrored.inputs["source"] !== one.inputs["source"])
      return plugin.update(mirrored, one);
    if (!(await plugin.isSame(mirrored)))
      throw new Error(`${one.name} should not have changed`);
    return mirrored;
  });
}

async function timed(
  track: Track,
  work: (plugin: PluginUnderMeasure) => Promise<void>,
): Promise<Result> {
  const began = performance.now();
  const plugin = await startMeasured(executable, configOf(track));
  try {
    await work(plugin);
    const wallSeconds = (performance.now() - began) / 1000;
    const { cpuSeconds = Number.NaN, peakMebibytes = Number.NaN } =
      plugin.cost();
    return { wallSeconds, cpuSeconds, peakMebibytes };
  } finally {
    await plugin.end();
  }
}

function configOf(track: Track): Properties {
  const { sourceHost, destinationHost, way, trust } = track;
  const reached: Properties = way.tls
    ? { caPem: trust.caPem }
    : { plainHttp: true };
  const hosts = [sourceHost, destinationHost];
  return { registries: hosts.map((host) => ({ ...reached, host })) };
}

function declare(
  offers: readonly Offer[],
  { sourceHost, destinationHost }: Track,
): readonly Declared[] {
  return offers.map(({ from, to, policy }) => ({
    name: to.replaceAll(/\W/g, "-"),
    inputs: {
      source: `${sourceHost}/${from}`,
      destination: `${destinationHost}/${to}`,
      policy,
      evidence: {
        watch: "none",
        copy: "unverified" in policy ? "none" : "all",
      },
    },
  }));
}
