import {
  formatReference,
  parseReference,
  repositoryOf,
  type Reference,
} from "../../oci/reference";
import { MirrorError } from "../../mirror/errors";
import type { Call, Observed } from "../../mirror/lifecycle";
import type { World } from "../world";
import { stateVersion } from "./outputs";
import { writeState } from "./state";

/** Takes over what is at a destination by `SOURCE,DESTINATION` (or looks at it by `DESTINATION`). It is judged by the first preview that declares a policy. */
export async function importById(
  world: World,
  call: Call,
  id: string,
): Promise<Observed | undefined> {
  const { source, destination } = readId(id);
  const found = await world.stores
    .open(destination, "destination")
    .resolve(destination.tag ?? "", call.reach);
  if (!found) return undefined;
  const text = {
    source: source && formatReference(source),
    destination: formatReference(destination),
  };
  return {
    id: text.destination,
    inputs: { ...text, digest: found.digest },
    state: writeState({
      ...text,
      digest: found.digest,
      ref: `${repositoryOf(destination)}@${found.digest}`,
      mediaType: found.mediaType,
      size: found.size,
      onDelete: "keep",
      version: stateVersion,
    }),
  };
}

function readId(id: string): { source?: Reference; destination: Reference } {
  const parts = id.split(",");
  const last = parts.at(-1) ?? "";
  try {
    const destination = parseReference(last);
    const source =
      parts.length === 2 ? parseReference(parts[0] ?? "") : undefined;
    if (parts.length <= 2 && destination.tag !== undefined)
      return { source, destination };
  } catch (cause) {
    throw badId(id, cause);
  }
  throw badId(id);
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
        : "the id must be SOURCE,DESTINATION, and the destination needs a tag",
    remedy:
      "write for example registry.example/acme/app:1.4.2,internal.example/mirror/app:1.4.2",
    cause,
  });
}
