import type { Digest } from "../oci/digest";
import { artifactTypeOf } from "../oci/manifest";
import type { Discovered } from "./discover";
import type { Ignored } from "./evidenceLayers";
import type { EvidenceManifest } from "./ports";
import type { Admitted } from "./verify";
import { MirrorError } from "./errors";

/** Which evidence comes along: globs (`*` only) over artifact type, predicate type and format (`referrer` `sig` `att` `sbom`). */
export interface EvidenceSelection {
  readonly copy: "all" | "verified" | "none";
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** The annotations by which publishers say what an attestation is about (a hint, good enough for copying). */
const predicateAnnotations = [
  "dev.sigstore.bundle.predicateType",
  "predicateType",
  "in-toto.io/predicate-type",
];

/**
 * The evidence to copy, in the order given. Throws where something that satisfied a requirement is excluded (the copy could not be
 * judged again), and where all is wanted and a list was denied.
 */
export function select(
  admitted: Admitted,
  { manifests, ignored }: Pick<Discovered, "manifests" | "ignored">,
  selection: EvidenceSelection,
): readonly EvidenceManifest[] {
  const unlisted = ignored.find(({ code }) => code === "UNLISTED");
  if (unlisted && selection.copy === "all") throw incomplete(unlisted);
  const needed = new Set(admitted.verdicts.flatMap(({ reliedOn }) => reliedOn));
  const wanted = manifests.filter((manifest) =>
    isWanted(manifest, { selection, needed }),
  );
  const reachable = withSubjects(admitted, wanted);
  const kept = new Set(reachable.map(({ node }) => node.descriptor.digest));
  const lost = [...needed].filter((digest) => !kept.has(digest));
  if (lost.length === 0) return reachable;
  throw new MirrorError({
    fault: "invalid",
    code: "INVALID_INPUT",
    what: "could not leave evidence behind",
    why: `${lost.join(", ")} satisfied the policy and is excluded`,
    remedy:
      "take it out of `evidence.exclude`: what proves the artifact must come along",
  });
}

function incomplete({ reason: why }: Ignored): MirrorError {
  return new MirrorError({
    fault: "denied",
    code: "AUTH_DENIED",
    what: "could not find all evidence to copy",
    why,
    remedy:
      'let the credentials list referrers, or copy only what proves the artifact (`evidence: { copy: "verified" }`)',
  });
}

function isWanted(
  { node, via }: EvidenceManifest,
  rule: {
    readonly selection: EvidenceSelection;
    readonly needed: ReadonlySet<Digest>;
  },
): boolean {
  const { copy, include, exclude } = rule.selection;
  if (copy === "none") return false;
  if (copy === "verified") return rule.needed.has(node.descriptor.digest);
  const words = [
    via,
    artifactTypeOf(node.manifest),
    ...predicateTypes(node.manifest),
  ];
  const hit = (globs: readonly string[]) =>
    globs.some((glob) => words.some((word) => matches(glob, word)));
  return hit(include) && !hit(exclude);
}

function predicateTypes(
  manifest: EvidenceManifest["node"]["manifest"],
): string[] {
  const layers = manifest.kind === "manifest" ? manifest.layers : [];
  const annotations = [
    manifest.annotations,
    ...layers.map((layer) => layer.annotations ?? {}),
  ];
  return annotations.flatMap((one) =>
    predicateAnnotations.flatMap((name) => one[name] ?? []),
  );
}

/** Evidence about evidence comes only with what it is about. */
function withSubjects(
  admitted: Admitted,
  wanted: readonly EvidenceManifest[],
): EvidenceManifest[] {
  const known = new Set(
    admitted.artifact.manifests.map(({ descriptor }) => descriptor.digest),
  );
  return wanted.filter(({ subject, node }) => {
    if (!known.has(subject.digest)) return false;
    known.add(node.descriptor.digest);
    return true;
  });
}

/** Whether `glob`, in which `*` stands for anything, fits the whole of `text`. Linear in both. */
export function matches(glob: string, text: string): boolean {
  const first = glob.indexOf("*");
  if (first < 0) return text === glob;
  const last = glob.lastIndexOf("*");
  const head = glob.slice(0, first);
  const tail = glob.slice(last + 1);
  const end = text.length - tail.length;
  if (!text.startsWith(head) || !text.endsWith(tail)) return false;
  let at = head.length;
  for (const part of glob.slice(first, last).split("*")) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= end;
}
