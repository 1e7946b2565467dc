import { MirrorError, type Where } from "../../mirror/errors";
import type { Descriptor } from "../../oci/descriptor";
import type { Digest } from "../../oci/digest";
import { isTag } from "../../oci/reference";
import { entryFor, renamed, type Entry, type IndexFile } from "./indexFile";

/** The manifest that a ref name means; two different ones are refused (W164). */
export function named(
  index: IndexFile,
  name: string,
  where: Where,
): Descriptor | undefined {
  const found = index.entries.filter((entry) => entry.name === name);
  const digests = new Set(found.map((entry) => entry.descriptor.digest));
  if (digests.size <= 1) return found[0]?.descriptor;
  throw new MirrorError({
    fault: "corrupt",
    code: "AMBIGUOUS_MANIFEST",
    what: "could not resolve the tag",
    where,
    why: `index.json gives the name ${name} to ${[...digests].join(" and to ")}`,
    remedy: "name one of them by its digest",
  });
}

/** All ref names that are tags, each once, sorted. */
export function tagsOf(index: IndexFile): readonly string[] {
  const names = index.entries.map((entry) => entry.name ?? "");
  return [...new Set(names)].filter(isTag).sort();
}

/** The index in which the tag means this manifest alone; what it meant before stays, without that name. */
export function withTag(
  index: IndexFile,
  tag: string,
  node: Descriptor,
): IndexFile {
  const isNode = (entry: Entry) => entry.descriptor.digest === node.digest;
  const holders = index.entries.filter((entry) => entry.name === tag);
  if (holders.length === 1 && holders.every(isNode)) return index;
  const others = withoutTag(index, tag);
  const bare = others.entries.find((entry) => isNode(entry) && !entry.name);
  const like = bare ?? others.entries.find(isNode) ?? entryFor(node);
  const kept = others.entries.filter((entry) => entry !== bare);
  return { ...index, entries: [...kept, renamed(like, tag)] };
}

/** The index without the tag; a manifest that loses its last name stays listed. */
export function withoutTag(index: IndexFile, tag: string): IndexFile {
  const losers = index.entries.filter((entry) => entry.name === tag);
  if (losers.length === 0) return index;
  const entries = index.entries.filter((entry) => entry.name !== tag);
  const listed = new Set(entries.map((entry) => entry.descriptor.digest));
  for (const loser of losers) {
    if (listed.has(loser.descriptor.digest)) continue;
    listed.add(loser.descriptor.digest);
    entries.push(renamed(loser, undefined));
  }
  return { ...index, entries };
}

/** The index in which the manifest is listed, with a name or without. */
export function withEntry(index: IndexFile, node: Descriptor): IndexFile {
  const isListed = index.entries.some(
    (entry) => entry.descriptor.digest === node.digest,
  );
  if (isListed) return index;
  return { ...index, entries: [...index.entries, entryFor(node)] };
}

/** The index without the manifest, whatever its names. */
export function withoutManifest(index: IndexFile, digest: Digest): IndexFile {
  const entries = index.entries.filter(
    (entry) => entry.descriptor.digest !== digest,
  );
  return entries.length === index.entries.length
    ? index
    : { ...index, entries };
}
