import { isAbsent } from "../../../../mirror/errors";
import type { Reach, Source } from "../../../../mirror/ports";
import type { Place } from "../../place";
import { askUntil, visibleWithinMs } from "../../reading/late";

type Reader = Pick<Source, "fetch" | "read" | "resolve">;

/** Reads as before, and gives a registry half a minute to find a manifest that we have just written to it (F33). */
export function awaiting<Reads extends Reader>(
  place: Place,
  reader: Reads,
): Reads {
  return {
    ...reader,
    resolve: (name, reach, look) =>
      patiently(place, { name, reach }, () =>
        reader.resolve(name, reach, look),
      ),
    fetch: (name, reach) =>
      patiently(place, { name, reach }, () => reader.fetch(name, reach)),
    read: (node, maxBytes, reach) =>
      patiently(place, { name: node.digest, reach }, () =>
        reader.read(node, maxBytes, reach),
      ),
  };
}

async function patiently<T>(
  place: Place,
  wish: {
    readonly name: string;
    readonly reach: Reach;
  },
  ask: () => Promise<T>,
): Promise<T> {
  const { name, reach } = wish;
  const outcome = await askUntil(
    place,
    {
      ask: () => attempt(ask),
      isEnough: (found) => !isMissing(found) || !isFresh(place, name),
    },
    reach,
  );
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

async function attempt<T>(ask: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { error };
  }
}

function isMissing(outcome: Outcome<unknown>): boolean {
  return "error" in outcome
    ? isAbsent(outcome.error)
    : outcome.value === undefined;
}

function isFresh({ brought, repository, clock }: Place, name: string): boolean {
  const at = brought.writtenAt(repository, name);
  return at !== undefined && clock.monotonic() < at + visibleWithinMs;
}
