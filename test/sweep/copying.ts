import type { Bystander } from "../registry/content";
import { writes, type RecordedRequest } from "../registry/recorder";
import { Destination, type Beginning } from "./destinations";
import type { Plugin } from "./plugin";
import type { Vendor } from "./vendor";

/** A vendor, and a plugin that nobody harms. */
export interface Scene {
  readonly vendor: Vendor;
  readonly helper: Plugin;
}

/** When a bystander acts: before the registry does anything, or after it has done what was asked. */
export const moments = ["arrived", "served"] as const;
export type Moment = (typeof moments)[number];

/** Copies while a bystander watches both registries; answers what the run died of, `undefined` where it came to its end. */
export async function copy(
  { plugin, vendor }: { readonly plugin: Plugin; readonly vendor: Vendor },
  destination: Destination,
  bystander?: Bystander,
): Promise<Error | undefined> {
  const registries = [vendor.registry, destination.registry];
  for (const registry of registries) registry.watch(bystander);
  await plugin.configure(destination.known);
  const failure = await plugin.create(destination.wish()).then(
    () => undefined,
    (error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
  );
  for (const registry of registries) registry.watch(undefined);
  return failure;
}

const isWrite = (request: RecordedRequest) => writes([request]).length > 0;

/** §5.5, 1: the requests at which something is to happen, by their number: all from the first write on, and of those before, which find nothing changed, every tenth. */
export async function pointsOf(
  { vendor, helper }: Scene,
  beginning: Beginning,
  moment: Moment,
): Promise<readonly number[]> {
  const destination = await Destination.open(vendor, beginning, helper);
  const seen: RecordedRequest[] = [];
  const by = { plugin: helper, vendor };
  const failure = await copy(by, destination, (at, request) => {
    if (at === moment) seen.push(request);
  });
  const { tag } = destination;
  await destination.registry.close();
  if (failure) throw failure;
  if (tag !== vendor.fresh.digest) throw new Error("nothing was copied");
  const first = seen.findIndex(isWrite);
  return seen.flatMap((request, at) => {
    const counts = at >= first || at % 10 === 0;
    return counts && (moment === "arrived" || isWrite(request)) ? [at + 1] : [];
  });
}

/** The run after one that did not come to its end: what is wrong with it, and with what it leaves. */
export async function rerun(
  { vendor, helper }: Scene,
  destination: Destination,
): Promise<readonly string[]> {
  const most = destination.mostBytes();
  destination.registry.resetRequests();
  const failure = await copy({ plugin: helper, vendor }, destination);
  const sent = destination.bytesSent();
  return [
    ...(failure ? [`the next run failed: ${failure.message}`] : []),
    ...destination.flaws(),
    ...(destination.tag === vendor.fresh.digest ? [] : ["no tag"]),
    ...(sent <= most ? [] : [`sent ${sent} bytes again, not ${most}`]),
  ];
}

/** What went wrong at which point; empty where nothing did. */
export async function flawsAt(
  points: readonly number[],
  happen: (point: number) => Promise<readonly string[]>,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, readonly string[]> = {};
  for (const point of points) {
    const flaws = await happen(point);
    if (flaws.length > 0) found[`point ${point}`] = flaws;
  }
  return found;
}
