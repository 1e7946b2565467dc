import { readNode } from "../../../mirror/graph";
import type { Node, Reach, Source, Stores } from "../../../mirror/ports";
import { resolve } from "../../../mirror/resolve";
import type { Descriptor } from "../../../oci/descriptor";
import { formatPlatform, matchesPlatform } from "../../../oci/platform";
import { parseReference, repositoryOf } from "../../../oci/reference";
import type { PolicyContext } from "../../context";
import { admitPlugin } from "./admitPlugin";
import { PluginFailure } from "./failure";
import { thisMachine } from "./machine";
import type { PluginInput } from "./settings";
import type { Executable } from "./shelf";

/** A plugin as a policy names it. */
export interface Wanted {
  readonly input: PluginInput;
  /** where it stands in the policy: `plugins[0]` */
  readonly name: string;
  readonly context: PolicyContext;
}

const mebibyte = 1024 * 1024;
const maxBytes = 256 * mebibyte;

// what a digest names never changes: the artifacts of one configuration look each plugin up once
const kept = new WeakMap<Stores, Map<string, Executable>>();
const maxKept = 64;

/** Finds a plugin's executable, and lets its own policy judge it first where it has one. Reads manifests only. */
export async function findExecutable(
  wanted: Wanted,
  reach: Reach,
): Promise<Executable> {
  const { artifact, policy } = wanted.input;
  const { digest } = parseReference(artifact);
  if (digest === undefined || policy !== undefined) return find(wanted, reach);
  const { stores } = wanted.context;
  const known = kept.get(stores) ?? new Map<string, Executable>();
  kept.set(stores, known);
  const found = known.get(artifact) ?? (await find(wanted, reach));
  if (known.size >= maxKept) known.clear();
  known.set(artifact, found);
  return found;
}

async function find(wanted: Wanted, reach: Reach): Promise<Executable> {
  const reference = parseReference(wanted.input.artifact);
  const from = wanted.context.stores.open(reference, "source");
  const named = reference.digest ?? reference.tag ?? "";
  const root = await resolve(from, named, reach);
  if (wanted.input.policy !== undefined) {
    const repository = repositoryOf(reference);
    await admitPlugin({ ...wanted, repository, from, root }, reach);
  }
  const node = await readNode(from, root, reach);
  const own = await forThisMachine(node, from, reach);
  return { layer: executableIn(own), from };
}

async function forThisMachine(
  node: Node,
  from: Source,
  reach: Reach,
): Promise<Node> {
  const { manifest } = node;
  if (manifest.kind !== "index") return node;
  const machine = thisMachine();
  const child = manifest.manifests.find(
    ({ platform }) => platform && matchesPlatform(machine, platform),
  );
  if (child) return readNode(from, child, reach);
  const offered = manifest.manifests.flatMap(({ platform }) =>
    platform ? [formatPlatform(platform)] : [],
  );
  throw unusable(
    `has nothing for ${formatPlatform(machine)}, only for ${offered.join(", ") || "no platform"}`,
  );
}

/** The first layer, as Ratify takes it. */
function executableIn({ manifest }: Node): Descriptor {
  const layers = manifest.kind === "manifest" ? manifest.layers : [];
  const [layer] = layers;
  if (layer === undefined) throw unusable("has no layer, so no executable");
  if (layer.size > maxBytes) {
    throw unusable(
      `has ${layer.size} bytes; the bound is ${maxBytes / mebibyte} MiB`,
    );
  }
  const isArchive =
    /\+(?:gzip|zstd)$|\.tar\.gzip$/.test(layer.mediaType) ||
    layer.annotations?.["io.deis.oras.content.unpack"] === "true";
  if (isArchive) {
    throw unusable(
      `is packed (${layer.mediaType}), but its first layer must be the executable itself: \`oras push REPOSITORY ./plugin\``,
    );
  }
  return layer;
}

function unusable(why: string): PluginFailure {
  return new PluginFailure("PLUGIN_ERROR", why);
}
