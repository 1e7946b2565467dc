import { MirrorError } from "../../mirror/errors";
import { whereIn } from "../../mirror/where";
import type { Descriptor } from "../../oci/descriptor";
import type { Digest } from "../../oci/digest";
import { sizeOfBlob } from "./blobs";
import { named } from "./entries";
import { isLayout } from "./home";
import { emptyIndex, readIndex, type IndexFile } from "./indexFile";
import { damaged, type Place } from "./place";
import { sniff } from "./sniff";

/** Whether there is a layout. A source that is none is absent, and that is thrown. */
export async function exists(place: Place): Promise<boolean> {
  if (await isLayout(place)) return true;
  if (place.side === "destination") return false;
  throw new MirrorError({
    fault: "absent",
    code: "NOT_FOUND_REPO",
    what: "could not read the OCI layout",
    where: whereIn(place),
    why: "the directory is missing or empty",
    remedy: "name the directory that holds the oci-layout file",
  });
}

/** What `index.json` says now; that of a destination may be still to come. */
export async function currentIndex(place: Place): Promise<IndexFile> {
  if (!(await exists(place))) return emptyIndex;
  const index = await readIndex(place);
  if (index !== undefined) return index;
  if (place.side === "destination") return emptyIndex;
  throw damaged(whereIn(place), "it has no index.json");
}

/** The manifest with this ref name. */
export async function resolveName(
  place: Place,
  name: string,
): Promise<Descriptor | undefined> {
  const index = await currentIndex(place);
  const found = named(index, name, whereIn(place, name));
  return found === undefined ? undefined : present(place, found);
}

/** The manifest with this digest, whether `index.json` lists it or not. */
export async function resolveDigest(
  place: Place,
  digest: Digest,
): Promise<Descriptor | undefined> {
  const { entries } = await currentIndex(place);
  const listed = entries.find((entry) => entry.descriptor.digest === digest);
  if (listed !== undefined) return present(place, listed.descriptor);
  return sniff(place, digest);
}

/** Whether a blob with the digest and the size is there. */
export async function holds(place: Place, node: Descriptor): Promise<boolean> {
  return (await sizeOfBlob(place, node.digest)) === node.size;
}

/** What `index.json` names must be there. A destination without it is written again; a source is damaged. */
async function present(
  place: Place,
  listed: Descriptor,
): Promise<Descriptor | undefined> {
  const { mediaType, digest, size } = listed;
  if (await holds(place, listed)) return { mediaType, digest, size };
  if (place.side === "destination") return undefined;
  const why = `index.json names ${digest}, but that blob is missing or has another size`;
  throw damaged(whereIn(place, digest), why);
}
