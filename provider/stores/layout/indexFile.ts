import { join } from "node:path";
import { whereIn } from "../../mirror/where";
import type { Descriptor } from "../../oci/descriptor";
import {
  asArray,
  asObject,
  defined,
  optional,
  readJson,
  type Json,
  type JsonObject,
} from "../../oci/json";
import { MalformedError } from "../../oci/malformed";
import { childrenOf, parseManifest } from "../../oci/manifest";
import { mediaTypes } from "../../oci/mediaType";
import { readSmall, replaceFile, tooBig } from "./disk";
import type { Held } from "./lock";
import { damaged, type Place } from "./place";

const refNameKey = "org.opencontainers.image.ref.name";
/** How much `index.json`, or a manifest, may hold (W54). */
export const maxIndexBytes = 4 * 1024 * 1024;

/** One line of `index.json`, with every member it had, known to us or not. */
export interface Entry {
  readonly descriptor: Descriptor;
  readonly json: JsonObject;
  /** its ref name, which need not be a tag and is never a path (N34) */
  readonly name?: string;
}

/** `index.json`, with every member it had. */
export interface IndexFile {
  readonly json: JsonObject;
  readonly entries: readonly Entry[];
}

/** An index without entries. */
export const emptyIndex: IndexFile = {
  json: { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] },
  entries: [],
};

/** Reads `index.json`; `undefined` when there is none (W160). */
export async function readIndex(place: Place): Promise<IndexFile | undefined> {
  const where = whereIn(place);
  const bytes = await readSmall(pathOf(place), maxIndexBytes, where);
  if (bytes === undefined) return undefined;
  try {
    return parseIndex(bytes);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw damaged(where, `index.json is wrong: ${error.message}`, error);
  }
}

/** Puts `index.json` in place, if the lock is still ours then. */
export async function writeIndex(
  place: Place,
  index: IndexFile,
  held: Held,
): Promise<void> {
  const manifests = index.entries.map((entry) => entry.json);
  const content = Buffer.from(JSON.stringify({ ...index.json, manifests }));
  if (content.length > maxIndexBytes) {
    throw tooBig(pathOf(place), maxIndexBytes, whereIn(place));
  }
  await replaceFile({
    directory: place.path,
    name: "index.json",
    content,
    beforeVisible: () => held.verify(),
  });
}

/** A new entry without a ref name. */
export function entryFor(descriptor: Descriptor): Entry {
  const { mediaType, digest, size, artifactType, annotations } = descriptor;
  const json = defined({
    mediaType,
    digest,
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(annotations === undefined ? {} : { annotations }),
  });
  return renamed({ descriptor, json }, undefined);
}

/** The entry with this ref name, or with none. */
export function renamed(entry: Entry, name: string | undefined): Entry {
  const { [refNameKey]: _, ...others } = annotationsOf(entry.json);
  const annotations =
    name === undefined ? others : { ...others, [refNameKey]: name };
  const { annotations: __, ...bare } = entry.json;
  const json =
    Object.keys(annotations).length > 0 ? { ...bare, annotations } : bare;
  return { descriptor: entry.descriptor, json, name };
}

function parseIndex(bytes: Uint8Array): IndexFile {
  const parsed = childrenOf(parseManifest(bytes, mediaTypes.ociIndex));
  const json = asObject(readJson(bytes, { integersOnly: true }), "index.json");
  const items = json["manifests"] ?? [];
  const lines = asArray(items, "manifests").map((line) =>
    asObject(line, "manifests[]"),
  );
  const entries = parsed.map((descriptor, i) => {
    const line = lines[i] ?? {};
    return defined({
      descriptor,
      json: line,
      name: descriptor.annotations?.[refNameKey],
    });
  });
  return { json, entries };
}

function annotationsOf(json: JsonObject): JsonObject {
  const annotations: Json | undefined = optional(json, "annotations");
  return annotations === undefined ? {} : asObject(annotations, "annotations");
}

function pathOf(place: Place): string {
  return join(place.path, "index.json");
}
