import type { Filter } from "../rule";

const legacy = /^sha(?:256|512)-[0-9a-f]+\.(?:sig|att|sbom)$/;
// as referrersTag writes it, and all that is longer
const fallback = /^sha(?:256|512)-[0-9a-f]{64,}$/;

/** Whether the tag is one under which evidence is kept: never an artifact of its own. */
export function isEvidenceTag(tag: string): boolean {
  return legacy.test(tag) || isFallbackTag(tag);
}

/** Whether the tag is a registry's list of referrers (`sha256-<64 hex>`): ours to write, and nobody's artifact. */
export function isFallbackTag(tag: string): boolean {
  return fallback.test(tag);
}

/** Evidence comes along with what it is about, so its tags are not chosen. */
export const evidence: Filter<string> = {
  name: "evidence",
  prepare:
    ({ evidenceTags = false }) =>
    (tag) => {
      if (isFallbackTag(tag))
        return "is a list of referrers and no artifact: evidence comes along with what it is about";
      return !evidenceTags && isEvidenceTag(tag)
        ? "holds evidence, which comes along with what it is about"
        : undefined;
    },
};
