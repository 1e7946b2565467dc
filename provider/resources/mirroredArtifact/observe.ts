import { z } from "zod";
import { parsePlatform } from "../../oci/platform";
import { parseDigest } from "../../oci/digest";
import {
  formatReference,
  parseReference,
  repositoryOf,
  type Reference,
} from "../../oci/reference";
import type { Call, Observed, Values } from "../../mirror/lifecycle";
import { watchEvidence } from "../../mirror/observe";
import type { Reach } from "../../mirror/ports";
import { within } from "../../mirror/reach";
import { textOf } from "../../mirror/textOf";
import type { World } from "../world";
import { warnOnce } from "./check";
import { placesOf } from "../judging/assess";
import { hostOf } from "../mirroring/hostOf";
import type { Outputs } from "./outputs";
import { readState, writeState } from "./state";
import { staleReason } from "./stale";
import { inputs as shape } from "./inputs";
import { evidenceOf } from "../mirroring/wish";

/** A look at a source is no more than a look: a vendor's bad day must not hold up every preview. */
const lookMs = 10_000;

/**
 * What is really there: one HEAD a side, and the evidence that is watched. Only proven absence at the destination answers `undefined`;
 * whatever could not be asked leaves the state as it was, with a warning (engine.md §13.4).
 */
export async function observe(
  world: World,
  call: Call,
  seen: {
    readonly id: string;
    readonly inputs: Values;
    readonly state: Values;
  },
): Promise<Observed | undefined> {
  const state = readState(seen.state);
  const destination = parseReference(state.destination);
  const [there, pending] = await Promise.all([
    destinationDigest(world, call, { destination, state }),
    sourceSide(world, call, { inputs: seen.inputs, state }),
  ]);
  if (there === undefined) return undefined;
  const stale = staleReason(state, seen.inputs, call.reach.now());
  const verification = state.verification && { ...state.verification, stale };
  const attached = state.attached && {
    ...state.attached,
    pending: pending ?? state.attached.pending,
  };
  const ref = `${repositoryOf(destination)}@${there}`;
  return {
    id: seen.id,
    inputs: { ...seen.inputs, digest: seen.inputs.digest ?? state.digest },
    state: writeState({ ...state, digest: there, ref, verification, attached }),
  };
}

async function destinationDigest(
  world: World,
  call: Call,
  {
    destination,
    state,
  }: { readonly destination: Reference; readonly state: Outputs },
): Promise<string | undefined> {
  try {
    const found = await world.stores
      .open(destination, "destination")
      .resolve(destination.tag ?? "", call.reach, "twice");
    return found?.digest;
  } catch (error) {
    call.reach.signal.throwIfAborted();
    call.tell({
      kind: "warning",
      text: `destination ${formatReference(destination)} could not be asked; state is kept: ${textOf(error)}`,
    });
    return state.digest;
  }
}

/** Learns what the source names now, for Check, and what evidence is pending. `undefined`: could not be asked. */
async function sourceSide(
  world: World,
  call: Call,
  seen: { readonly inputs: Values; readonly state: Outputs },
): Promise<string[] | undefined> {
  const text = seen.state.source;
  if (text === undefined) return undefined;
  const source = parseReference(text);
  const host = hostOf(source);
  if (world.memory.silent.has(host)) return undefined;
  const reach = within(call.reach, lookMs);
  const place = world.stores.open(source, "source");
  const tolerate = async (error: unknown): Promise<undefined> => {
    call.reach.signal.throwIfAborted();
    warnOnce(world, call, { host, why: textOf(error) });
  };
  const learn = async (): Promise<void> => {
    const found = await place.resolve(source.tag ?? "", reach);
    if (found) world.memory.sources.set(text, found);
  };
  const [, pending] = await Promise.all([
    source.digest === undefined &&
      learn().catch((error: unknown) => {
        world.memory.silent.set(host, textOf(error));
        return tolerate(error);
      }),
    pendingEvidence(world, reach, { ...seen, source }).catch(tolerate),
  ]);
  return pending;
}

async function pendingEvidence(
  world: World,
  reach: Reach,
  seen: {
    readonly inputs: Values;
    readonly state: Outputs;
    readonly source: Reference;
  },
): Promise<string[] | undefined> {
  const { inputs, state, source } = seen;
  const { attached, verification, mediaType, size } = state;
  if (!attached || !verification) return undefined;
  const { evidence, platforms = [] } = looked.parse(inputs);
  const { watch, repositories } = evidenceOf(evidence);
  return watchEvidence(
    {
      sources: placesOf(
        world,
        world.stores.open(source, "source"),
        repositories,
      ),
      destination: world.stores.open(
        parseReference(state.destination),
        "destination",
      ),
    },
    {
      watch,
      root: { mediaType, size, digest: parseDigest(verification.digest) },
      platforms: platforms.map(parsePlatform),
      seen: { root: attached.listed, all: attached.listedAll },
      expected: attached.digests,
    },
    reach,
  );
}

/** What of the inputs the watching needs; state written by others may hold anything else. */
const looked = z.object(shape.pick({ evidence: true, platforms: true }).shape);
