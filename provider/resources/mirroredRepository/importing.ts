import {
  formatReference,
  parseReference,
  repositoryOf,
  type Reference,
} from "../../oci/reference";
import { isAbsent, MirrorError } from "../../mirror/errors";
import { mapBounded } from "../../mirror/bounded";
import type { Call, Observed } from "../../mirror/lifecycle";
import type { Reach, Source } from "../../mirror/ports";
import { isEvidenceTag } from "../../selectors/rules/evidence";
import type { World } from "../world";
import { stateVersion } from "./outputs";
import { writeState } from "./state";

const asksAtOnce = 16;

/**
 * Takes over a destination by `SOURCE,DESTINATION`: the first preview that declares rules and a policy judges and adopts what they choose.
 * By `DESTINATION` alone it is looked at, tag by tag.
 */
export async function importById(
  world: World,
  call: Call,
  id: string,
): Promise<Observed | undefined> {
  const { source, destination } = readId(id);
  const place = world.stores.open(destination, "destination");
  const tags = await tagsAt(place, call.reach);
  if (tags === undefined) return undefined;
  const text = {
    ...(source && { source: formatReference(source) }),
    destination: formatReference(destination),
  };
  const digests = source ? {} : await digestsAt(place, tags, call.reach);
  return {
    id: text.destination,
    inputs: text,
    state: writeState({
      ...text,
      repository: repositoryOf(destination),
      digests,
      verdicts: {},
      pending: {},
      onDelete: "keep",
      version: stateVersion,
    }),
  };
}

/** `undefined`: there is no such repository. */
async function tagsAt(
  place: Source,
  reach: Reach,
): Promise<readonly string[] | undefined> {
  try {
    return await place.tags(reach);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function digestsAt(
  place: Source,
  tags: readonly string[],
  reach: Reach,
): Promise<Readonly<Record<string, string>>> {
  const named = tags.filter((tag) => !isEvidenceTag(tag));
  const found = await mapBounded(named, asksAtOnce, async (tag) => {
    const digest = (await place.resolve(tag, reach))?.digest;
    return digest === undefined ? [] : [[tag, digest] as const];
  });
  return Object.fromEntries(found.flat());
}

function readId(id: string): { source?: Reference; destination: Reference } {
  const parts = id.split(",");
  try {
    const [destination, source, ...more] = parts.toReversed().map(repositoryIn);
    if (destination && more.length === 0)
      return { destination, ...(source && { source }) };
  } catch (cause) {
    throw badId(id, cause);
  }
  throw badId(id);
}

function repositoryIn(text: string): Reference {
  const reference = parseReference(text);
  if (reference.tag === undefined && reference.digest === undefined)
    return reference;
  throw new RangeError(`${text} names more than a repository`);
}

function badId(id: string, cause?: unknown): MirrorError {
  return new MirrorError({
    fault: "invalid",
    code: "INVALID_INPUT",
    what: "could not import",
    where: { reference: id },
    why:
      cause instanceof Error
        ? cause.message
        : "the id must be SOURCE,DESTINATION: two repositories without tags",
    remedy:
      "write for example registry.example/acme/app,internal.example/mirror/app",
    cause,
  });
}
