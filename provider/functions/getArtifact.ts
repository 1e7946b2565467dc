import { partsOf } from "../mirror/inside";
import type { Values } from "../mirror/lifecycle";
import type { Node, Reach } from "../mirror/ports";
import { printable } from "../mirror/printable";
import type { Descriptor } from "../oci/descriptor";
import { artifactTypeOf, childrenOf } from "../oci/manifest";
import { checkQuestion } from "./checkQuestion";
import { inputs, outputs } from "./getArtifactShape";
import type { FunctionKind } from "./kind";
import { shownAnnotations } from "./looking/annotations";
import { saidCreated } from "./looking/created";
import { readImageConfig, type ImageConfig } from "./looking/imageConfig";
import { kindOf } from "./looking/kinds";
import { isImageConfig } from "../oci/mediaType";
import { look, type Seen } from "./looking/look";
import { totalSize } from "./looking/sizes";

/** What a reference is, before anything is declared about it. */
export const getArtifact: FunctionKind = {
  token: "artifact-mirror:index:getArtifact",
  description:
    "Tells what an artifact is: its digest, type, platforms, sizes and annotations, wherever it lies. It reads manifests (and an image's config), judges nothing, and what it tells is what the publisher says.",
  inputs,
  outputs,
  async ask(world, { reach }, values) {
    const { failures } = await checkQuestion(world, { inputs, values }, reach);
    if (failures.length > 0) return { failures };
    const asked = inputs.parse(values);
    const seen = await look(world, asked, reach);
    const config = await configOf(seen, reach);
    return { values: answerOf(asked.source, seen, config) };
  },
};

/** One config at most: the image's, or that of an index's first image where the index itself does not say when it was made. */
async function configOf(
  { place, artifact }: Seen,
  reach: Reach,
): Promise<ImageConfig> {
  const { root } = artifact;
  const isIndex = root.manifest.kind === "index";
  if (!isIndex) return readImageConfig(place, root, reach);
  if (saidCreated(root.manifest.annotations) !== undefined) return {};
  const first = partsOf(artifact).find(({ node }) => isImage(node));
  return first ? readImageConfig(place, first.node, reach) : {};
}

const isImage = ({ manifest }: Node): boolean =>
  manifest.kind === "manifest" && isImageConfig(manifest.config.mediaType);

const maxLayers = 500;

function answerOf(
  source: string,
  { artifact, ref }: Seen,
  config: ImageConfig,
): Values {
  const { root } = artifact;
  const { descriptor, manifest } = root;
  const { annotations, omitted } = shownAnnotations(manifest.annotations);
  const layers = manifest.kind === "manifest" ? manifest.layers : [];
  const left = omitted + Math.max(0, layers.length - maxLayers);
  const below = manifestsBelow(artifact);
  const own = manifest.kind === "manifest" ? config.platform : undefined;
  return outputs.parse({
    source,
    digest: descriptor.digest,
    ref,
    kind: kindOf(manifest),
    mediaType: descriptor.mediaType,
    artifactType: printable(artifactTypeOf(manifest), 255),
    size: descriptor.size,
    totalSize: totalSize(artifact.manifests),
    platforms: unique([own, ...below.map(({ platform }) => platform)]),
    manifests: below,
    ...(manifest.kind === "manifest" && { config: shown(manifest.config) }),
    layers: layers.slice(0, maxLayers).map(shown),
    annotations,
    created: saidCreated(manifest.annotations) ?? config.created,
    subject: manifest.subject?.digest,
    ...(left > 0 && { omitted: left }),
  });
}

function unique(texts: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(texts.filter((text) => text !== undefined))];
}

/** Every manifest below the root that was looked at, in the order in which the indexes name them. */
function manifestsBelow(artifact: Seen["artifact"]) {
  const { root, manifests } = artifact;
  const nodes = new Map(
    manifests.map((node) => [node.descriptor.digest, node]),
  );
  const names = new Map(
    partsOf(artifact).map(({ name, node }) => [node.descriptor.digest, name]),
  );
  const met = new Map<string, Node>();
  const visit = (node: Node) => {
    for (const child of childrenOf(node.manifest)) {
      const next = nodes.get(child.digest);
      if (!next || met.has(child.digest)) continue;
      met.set(child.digest, next);
      visit(next);
    }
  };
  visit(root);
  return [...met.values()].map((node) => ({
    digest: node.descriptor.digest,
    mediaType: node.descriptor.mediaType,
    artifactType: printable(artifactTypeOf(node.manifest), 255),
    kind: kindOf(node.manifest),
    platform: platformNamed(names.get(node.descriptor.digest)),
    size: node.descriptor.size,
    totalSize: totalSize([node]),
  }));
}

/** A part without a platform goes by its digest. */
function platformNamed(name: string | undefined): string | undefined {
  return name?.includes(":") ? undefined : name;
}

const titleAnnotation = "org.opencontainers.image.title";

function shown({ digest, mediaType, size, annotations }: Descriptor) {
  const title = annotations?.[titleAnnotation];
  return {
    digest,
    mediaType,
    size,
    ...(title !== undefined && { title: printable(title, 256) }),
  };
}
