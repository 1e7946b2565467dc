import { isAbsent, MirrorError } from "../../../mirror/errors";
import type { Reach } from "../../../mirror/ports";
import type { World } from "../../world";
import type { Intent } from "../intent";

/** The rules and the side that is asked. */
type Asked<Side extends "source" | "destination"> = Pick<Intent, Side> & {
  readonly given: Pick<Intent["given"], "tags">;
};

/** All tags of the source. Mode `list` names them itself and asks nobody. Throws where there is no such repository, and where the registry has no list of tags. */
export async function listSource(
  world: World,
  { given, source }: Asked<"source">,
  reach: Reach,
): Promise<readonly string[]> {
  const { mode, list = [] } = given.tags;
  if (mode === "list") return list;
  const place = world.stores.open(source, "source");
  try {
    return await place.tags(reach);
  } catch (error) {
    throw withoutList(error, {
      what: "could not list the tags",
      where: { side: "source", reference: place.repository },
      remedy:
        'name the tags yourself, which needs no list: `tags: { mode: "list", list: [...] }`',
    });
  }
}

/** All tags of the destination; none where there is no such repository yet. `undefined`: the registry has no list of tags, and mode `list` does without. */
export async function listDestination(
  world: World,
  { given, destination }: Asked<"destination">,
  reach: Reach,
): Promise<readonly string[] | undefined> {
  const place = world.stores.open(destination, "destination");
  try {
    return await place.tags(reach);
  } catch (error) {
    if (isAbsent(error)) return [];
    if (isListless(error) && given.tags.mode === "list") return undefined;
    throw withoutList(error, {
      what: "could not list the tags",
      where: { side: "destination", reference: place.repository },
      remedy:
        'only `tags: { mode: "list", list: [...] }` does without the destination\'s list of tags',
    });
  }
}

function withoutList(
  error: unknown,
  told: Pick<
    ConstructorParameters<typeof MirrorError>[0],
    "what" | "where" | "remedy"
  >,
): unknown {
  if (!isListless(error)) return error;
  return new MirrorError({
    ...told,
    fault: "unsupported",
    code: "UNSUPPORTED",
    why: `the registry offers no list of tags: ${error.why}`,
    cause: error,
  });
}

/** 405 and 501 say that there is no such thing; a 404 that names no missing repository does not prove it. */
function isListless(error: unknown): error is MirrorError {
  if (!(error instanceof MirrorError)) return false;
  return error.fault === "unsupported" || /\bHTTP 501\b/.test(error.why);
}
