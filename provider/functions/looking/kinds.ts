import type { Manifest } from "../../oci/manifest";
import { artifactTypeOf } from "../../oci/manifest";
import { isImageConfig } from "../../oci/mediaType";

/** What something may be, in one word, as far as its types tell. */
export const kinds = [
  "index",
  "image",
  "chart",
  "wasm",
  "signature",
  "attestation",
  "provenance",
  "sbom",
  "vulnerabilities",
  "vex",
  "summary",
  "artifact",
] as const;

/** One of `kinds`; nothing of it is proven. */
export type Kind = (typeof kinds)[number];

const byPredicate: readonly (readonly [RegExp, Kind])[] = [
  [/^https:\/\/sigstore\.dev\/cosign\/sign\//, "signature"],
  [/^https:\/\/slsa\.dev\/provenance\//, "provenance"],
  [/^https:\/\/slsa\.dev\/verification_summary\//, "summary"],
  [/^https:\/\/(?:spdx\.dev\/Document|cyclonedx\.org\/bom)/, "sbom"],
  [/^https:\/\/cosign\.sigstore\.dev\/attestation\/vuln\//, "vulnerabilities"],
  [/^https:\/\/in-toto\.io\/attestation\/vulns\//, "vulnerabilities"],
  [/^https:\/\/openvex\.dev\/ns/, "vex"],
];

const byType: readonly (readonly [RegExp, Kind])[] = [
  [/^application\/vnd\.cncf\.notary\.signature$/, "signature"],
  [/^application\/vnd\.dev\.cosign\.artifact\.sig\./, "signature"],
  [/^application\/vnd\.dev\.cosign\.simplesigning\./, "signature"],
  [/^application\/vnd\.dev\.sigstore\.bundle[.+]/, "attestation"],
  [/^application\/vnd\.dev\.cosign\.artifact\.sbom\./, "sbom"],
  [/^(?:application|text)\/(?:vnd\.)?(?:spdx|cyclonedx|syft)\b/, "sbom"],
  [/^application\/vnd\.openvex\b/, "vex"],
  [/^application\/sarif\b/, "vulnerabilities"],
  [/^application\/vnd\.in-toto\+json$/, "attestation"],
  [/^application\/vnd\.dsse\.envelope\./, "attestation"],
  [/^application\/vnd\.cncf\.helm\.config\./, "chart"],
  [/^application\/(?:vnd\.)?wasm\b/, "wasm"],
];

/** What a kind of statement is about; every other one is an attestation. */
function kindOfPredicate(predicateType: string): Kind {
  return matching(predicateType, byPredicate) ?? "attestation";
}

const predicateNames = ["in-toto.io/predicate-type", "predicateType"];
const bundlePredicate = "dev.sigstore.bundle.predicateType";

/** What kinds of statement a manifest's annotations say it holds, each once. */
export function saidPredicates(manifest: Manifest): readonly string[] {
  const layers = manifest.kind === "manifest" ? manifest.layers : [];
  const said = layers.flatMap(({ annotations = {} }) =>
    predicateNames.flatMap((name) => annotations[name] ?? []),
  );
  const own = manifest.annotations[bundlePredicate];
  return [...new Set(own === undefined ? said : [own, ...said])];
}

/** What a manifest is: by its statements, else by its types. A config of an image alone says least: cosign's manifests have it, too. */
export function kindOf(
  manifest: Manifest,
  predicateTypes: readonly string[] = saidPredicates(manifest),
): Kind {
  const [predicate] = predicateTypes;
  if (predicate !== undefined) return kindOfPredicate(predicate);
  const type = artifactTypeOf(manifest);
  const own = matching(type, byType);
  if (own !== undefined) return own;
  if (manifest.kind === "index") return "index";
  const layers = new Set(manifest.layers.map(({ mediaType }) => mediaType));
  const [only, ...others] = [...layers].map((one) => matching(one, byType));
  if (only !== undefined && others.every((one) => one === only)) return only;
  return isImageConfig(type) ? "image" : "artifact";
}

function matching(
  text: string,
  table: readonly (readonly [RegExp, Kind])[],
): Kind | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1];
}
