import type { Descriptor } from "../oci/descriptor";
import type { Digest } from "../oci/digest";
import { childrenOf } from "../oci/manifest";
import { formatPlatform } from "../oci/platform";
import type { Ignored } from "./evidenceLayers";
import type { Artifact } from "./graph";
import type { Node } from "./ports";
import { printable } from "./printable";

/** How BuildKit marks the manifest that holds statements about another one, and says which (verification.md §2.1 (g)). */
const typeAnnotation = "vnd.docker.reference.type";
const aboutAnnotation = "vnd.docker.reference.digest";
const attestationType = "attestation-manifest";
const maxAttested = 2000;

/** A manifest inside an index that holds statements about another manifest of the same index. */
export interface Attested {
  readonly attestation: Node;
  /** what it is about, as the index names it */
  readonly platform: Descriptor;
  /** whoever signed one of these has signed the statements: the manifest itself, its index, and what contains that */
  readonly containers: ReadonlySet<Digest>;
}

/** A manifest that runs on a platform. */
export interface Part {
  /** `linux/arm64`, else its digest */
  readonly name: string;
  readonly node: Node;
}

/** The manifests of an index that something can run, copied ones only. What is marked as attestation counts unless a platform could choose it. */
export function partsOf({ manifests }: Artifact): readonly Part[] {
  const children = manifests.flatMap(({ manifest }) => childrenOf(manifest));
  const named = byDigest(children.filter((child) => !isAttestation(child)));
  return manifests.flatMap((node) => {
    const own = named.get(node.descriptor.digest);
    if (!own || node.manifest.kind === "index") return [];
    return [{ name: nameOf(own), node }];
  });
}

/** Each digest as it is named first. */
function byDigest(
  descriptors: readonly Descriptor[],
): ReadonlyMap<string, Descriptor> {
  return new Map(descriptors.toReversed().map((one) => [one.digest, one]));
}

function nameOf({ platform, digest }: Descriptor): string {
  const name = platform && printable(formatPlatform(platform), 60);
  return name === undefined || name === "/" ? digest : name;
}

/** Only what no platform can choose may go without a signature of its own. */
function isAttestation(child: Descriptor): boolean {
  const { os, architecture } = child.platform ?? {};
  const isNobody = os === "unknown" && architecture === "unknown";
  return isNobody && child.annotations?.[typeAnnotation] === attestationType;
}

/** What of an artifact holds statements about what; one that names a manifest of another index is set aside (T28). */
export function attestedIn({ manifests }: Artifact): {
  readonly attested: readonly Attested[];
  readonly ignored: readonly Ignored[];
} {
  const nodes = new Map(
    manifests.map((node) => [node.descriptor.digest, node]),
  );
  const parents = parentsOf(manifests);
  const attested = new Map<string, Attested>();
  const ignored = new Map<string, Ignored>();
  for (const { descriptor, manifest } of manifests) {
    const children = childrenOf(manifest);
    const others = byDigest(children.filter((child) => !isAttestation(child)));
    const around = containersOf(descriptor.digest, parents);
    for (const child of children.filter(isAttestation)) {
      const attestation = nodes.get(child.digest);
      const about = child.annotations?.[aboutAnnotation] ?? "nothing";
      const platform = others.get(about);
      const key = `${child.digest} ${about}`;
      const known = attested.get(key)?.containers ?? [child.digest];
      const containers = new Set([...known, ...around]);
      if (!platform) ignored.set(key, astray(child, about));
      else if (attestation && attested.size < maxAttested)
        attested.set(key, { attestation, platform, containers });
    }
  }
  return { attested: [...attested.values()], ignored: [...ignored.values()] };
}

function astray({ digest }: Descriptor, about: string): Ignored {
  return {
    digest,
    code: "SUBJECT_MISMATCH",
    reason: `marked as an attestation about ${printable(about, 100)}, which is not in the same index`,
  };
}

type Parents = ReadonlyMap<Digest, ReadonlySet<Digest>>;

/** The indexes that name each manifest. */
function parentsOf(manifests: readonly Node[]): Parents {
  const parents = new Map<Digest, Set<Digest>>();
  for (const { descriptor, manifest } of manifests) {
    for (const { digest } of childrenOf(manifest)) {
      const known = parents.get(digest) ?? new Set();
      parents.set(digest, known.add(descriptor.digest));
    }
  }
  return parents;
}

/** The index, and every index that contains it, up to the root. */
function containersOf(index: Digest, parents: Parents): readonly Digest[] {
  const found = new Set([index]);
  for (const one of found) {
    for (const above of parents.get(one) ?? []) found.add(above);
  }
  return [...found];
}
