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
import { lookAtCandidate } from "./cooling";
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
  const [there, looked] = await Promise.all([
    destinationDigest(world, call, { destination, state }),
    sourceSide(world, call, { inputs: seen.inputs, state }),
  ]);
  if (there === undefined) return undefined;
  const stale = staleReason(state, seen.inputs, call.reach.now());
  const verification = state.verification && { ...state.verification, stale };
  const attached = state.attached && {
    ...state.attached,
    pending: looked.pending ?? state.attached.pending,
  };
  const { candidate } = looked;
  const ref = `${repositoryOf(destination)}@${there}`;
  return {
    id: seen.id,
    inputs: { ...seen.inputs, digest: seen.inputs.digest ?? state.digest },
    state: writeState({
      ...state,
      digest: there,
      ref,
      verification,
      attached,
      candidate,
    }),
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

/** What a look at the source showed. */
interface Looked {
  /** evidence, in words; absent where it could not be asked */
  readonly pending?: string[] | undefined;
  /** what waits for its age */
  readonly candidate: Outputs["candidate"];
}

/** Learns what the source names now, for Check, what of it is too young, and what evidence is pending. */
async function sourceSide(
  world: World,
  call: Call,
  seen: { readonly inputs: Values; readonly state: Outputs },
): Promise<Looked> {
  const { source: text, candidate } = seen.state;
  if (text === undefined) return { candidate };
  const source = parseReference(text);
  const host = hostOf(source);
  if (world.memory.silent.has(host)) return { candidate };
  const reach = within(call.reach, lookMs);
  const place = world.stores.open(source, "source");
  const tolerate = async (error: unknown): Promise<undefined> => {
    call.reach.signal.throwIfAborted();
    warnOnce(world, call, { host, why: textOf(error) });
  };
  const learn = async (): Promise<Outputs["candidate"]> => {
    if (source.digest !== undefined) return undefined;
    const found = await place.resolve(source.tag ?? "", reach);
    if (found) world.memory.sources.set(text, found);
    return lookAtCandidate(world, call, seen);
  };
  const [candidateNow, pending] = await Promise.all([
    learn().catch(async (error: unknown) => {
      world.memory.silent.set(host, textOf(error));
      await tolerate(error);
      return candidate;
    }),
    pendingEvidence(world, reach, { ...seen, source }).catch(tolerate),
  ]);
  return { pending, candidate: candidateNow };
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
