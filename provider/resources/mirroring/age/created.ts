import { asObject, optionalString, readJson } from "../../../oci/json";
import { MalformedError } from "../../../oci/malformed";
import { isImageConfig } from "../../../oci/mediaType";
import { mapBounded } from "../../../mirror/bounded";
import type { Artifact } from "../../../mirror/graph";
import { partsOf } from "../../../mirror/inside";
import type { Node, Reach, Source } from "../../../mirror/ports";
import { printable } from "../../../mirror/printable";

const annotation = "org.opencontainers.image.created";
const maxConfigBytes = 4 * 1024 * 1024;
const readsAtOnce = 8;
const rfc3339 =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;
/** Reproducible builds write 0001, 1970 or 1980, which says nothing. */
const earliestMs = Date.UTC(2000, 0, 1);

/** When an artifact says that it was made, or why that cannot be told. */
export type Made = { readonly at: Date } | { readonly why: string };

/** By the annotation of its root, else the newest of what would be copied: annotation, else the image's config. Its maker wrote all of these. */
export async function createdOf(
  place: Source,
  artifact: Artifact,
  reach: Reach,
): Promise<Made> {
  const { root } = artifact;
  const own = root.manifest.annotations[annotation];
  if (own !== undefined) return read(own, annotation);
  const parts = partsOf(artifact);
  const nodes = parts.length > 0 ? parts : [{ name: "", node: root }];
  const found = await mapBounded(nodes, readsAtOnce, async ({ name, node }) => {
    const made = await createdOfNode(place, node, reach);
    return "why" in made && name !== ""
      ? { why: `${name}: ${made.why}` }
      : made;
  });
  return newest(found);
}

/** One that is not dated could be from today. */
function newest(found: readonly Made[]): Made {
  return found.reduce((one, other) => {
    if ("why" in one) return one;
    if ("why" in other) return other;
    return one.at > other.at ? one : other;
  });
}

async function createdOfNode(
  place: Source,
  { manifest }: Node,
  reach: Reach,
): Promise<Made> {
  const own = manifest.annotations[annotation];
  if (own !== undefined) return read(own, annotation);
  const nothing = { why: `it has no ${annotation}, and no config with a date` };
  if (manifest.kind === "index") return nothing;
  const { config } = manifest;
  if (!isImageConfig(config.mediaType)) return nothing;
  const created = createdIn(await place.read(config, maxConfigBytes, reach));
  if (typeof created === "object") return created;
  return created === undefined ? nothing : read(created, "its config");
}

function createdIn(bytes: Uint8Array): string | undefined | Made {
  try {
    return optionalString(asObject(readJson(bytes), "config"), "created", "");
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return { why: `its config cannot be read: ${error.message}` };
  }
}

function read(text: string, where: string): Made {
  const at = new Date(rfc3339.test(text) ? text : NaN);
  const shown = printable(text, 60);
  if (Number.isNaN(at.getTime()))
    return { why: `${where} says ${shown}, which is no date` };
  return at.getTime() < earliestMs
    ? {
        why: `${where} says ${shown}, which stands for no date in reproducible builds`,
      }
    : { at };
}
