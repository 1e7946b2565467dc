/** Predicate types by the names cosign's users know (`verification.md` §4.1). */
const predicateTypes: Readonly<Record<string, string>> = {
  slsaprovenance: "https://slsa.dev/provenance/v0.2",
  slsaprovenance02: "https://slsa.dev/provenance/v0.2",
  slsaprovenance1: "https://slsa.dev/provenance/v1",
  spdx: "https://spdx.dev/Document",
  spdxjson: "https://spdx.dev/Document",
  cyclonedx: "https://cyclonedx.org/bom",
  vuln: "https://cosign.sigstore.dev/attestation/vuln/v1",
  vulns: "https://in-toto.io/attestation/vulns/v0.2",
  openvex: "https://openvex.dev/ns",
  vsa: "https://slsa.dev/verification_summary/v1",
  svr: "https://in-toto.io/attestation/svr/v0.2",
  custom: "https://cosign.sigstore.dev/attestation/v1",
  link: "https://in-toto.io/Link/v1",
  "test-result": "https://in-toto.io/attestation/test-result/v0.1",
  release: "https://in-toto.io/attestation/release/v0.1",
  scai: "https://in-toto.io/attestation/scai/attribute-report/v0.2",
};

/** What cosign 3 writes for a plain signature. */
export const cosignSignType = "https://sigstore.dev/cosign/sign/v1";

// these three are published with a version behind the name, too
const versioned: readonly string[] = [
  "https://spdx.dev/Document",
  "https://cyclonedx.org/bom",
  "https://openvex.dev/ns",
];
const version = /^[/@]v?\d+(\.\d+)*$/;

/** Why a word cannot name a predicate type, or undefined when it can. */
export function problemOfType(word: string): string | undefined {
  if (Object.hasOwn(predicateTypes, word)) return undefined;
  const star = word.indexOf("*");
  if (star >= 0 && !(star === word.length - 1 && word.endsWith("/*"))) {
    return "may have a * only as the last character, behind a /";
  }
  if (URL.canParse(word)) return undefined;
  const names = Object.keys(predicateTypes).join(", ");
  return `"${word}" is neither a URI nor one of ${names}`;
}

/** The predicate type that a policy's word stands for. */
export function predicateTypeOf(word: string): string {
  const known = Object.hasOwn(predicateTypes, word)
    ? predicateTypes[word]
    : undefined;
  return known ?? word;
}

/** Whether a statement's predicate type is the wanted one: the same, a version of it where it has versions, or below a wanted `…/*`. */
export function matchesPredicateType(word: string, actual: string): boolean {
  const wanted = predicateTypeOf(word);
  if (wanted.endsWith("/*")) {
    const stem = wanted.slice(0, -1);
    return actual.startsWith(stem) && actual.length > stem.length;
  }
  if (actual === wanted) return true;
  return (
    versioned.includes(wanted) &&
    actual.startsWith(wanted) &&
    version.test(actual.slice(wanted.length))
  );
}
