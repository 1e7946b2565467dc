import { walk, type Artifact } from "../../mirror/graph";
import type { Reach, Source } from "../../mirror/ports";
import { resolveToRead } from "../../mirror/resolve";
import type { Descriptor } from "../../oci/descriptor";
import { parseDigest } from "../../oci/digest";
import { parsePlatform } from "../../oci/platform";
import {
  formatReference,
  parseReference,
  type Reference,
} from "../../oci/reference";
import type { World } from "../../resources/world";

/** Which artifact, as a user writes it. */
export interface Asked {
  readonly source: string;
  readonly digest?: string | undefined;
  readonly platforms?: readonly string[] | undefined;
}

/** An artifact that was read where it lies. Nothing is said of who made it. */
export interface Seen {
  readonly place: Source;
  readonly artifact: Artifact;
  readonly reference: Reference;
  /** `repository@sha256:…` */
  readonly ref: string;
}

/** Reads an artifact's manifests: one request for each of them, and none for its name where this process has asked it already. */
export async function look(
  world: World,
  asked: Asked,
  reach: Reach,
): Promise<Seen> {
  const reference = parseReference(asked.source);
  const place = world.stores.open(reference, "source");
  const wanted =
    asked.digest === undefined ? reference.digest : parseDigest(asked.digest);
  const known =
    wanted === undefined ? world.memory.sources.get(asked.source) : undefined;
  const name = wanted ?? reference.tag ?? "";
  const root = known ?? (await resolveToRead(place, name, reach));
  const platforms = (asked.platforms ?? []).map(parsePlatform);
  const artifact = await walk(place, root, { platforms, reach });
  return { place, artifact, reference, ref: referenceTo(reference, root) };
}

/** `repository@sha256:…`: no tag, which may name something else later. */
export function referenceTo(
  reference: Reference,
  { digest }: Pick<Descriptor, "digest">,
): string {
  const { tag: _, ...place } = reference;
  return formatReference({ ...place, digest });
}
