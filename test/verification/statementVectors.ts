import { dsseBundle } from "../samples/bundleEvidence";
import type { StatementOptions } from "../samples/legacyEvidence";
import { createSigstoreWorld } from "../samples/sigstoreWorld";
import {
  buildKit,
  certified,
  generated,
  generator,
  github,
  githubIssuer,
  repository,
  workflow,
} from "../unit/verifiers/provenances";
import { bundleLayer, evidenceOf } from "../unit/verifiers/world";
import type { VectorFile } from "./vector";
import { fileOf, root, type Wish } from "./writing";

const subject = root.descriptor;
const dayMs = 24 * 60 * 60 * 1000;
const scanType = "https://acme.example/scan/v1";

/** Attestations and provenance, by keyless signers. */
export async function statementVectors(): Promise<VectorFile> {
  const log = await createSigstoreWorld();
  const issuer = githubIssuer;
  const [signer, reusable] = [
    await log.keyless({ issuer, identity: workflow, extensions: certified }),
    await log.keyless({ issuer, identity: generator, extensions: certified }),
  ];
  const by = [workflow, generator].map((identity) => ({
    keyless: { issuer, identity, trustedRoots: ["@root"] },
  }));
  const stated = async (options: StatementOptions, who = signer) =>
    evidenceOf(
      subject,
      bundleLayer(await dsseBundle(subject, who, { log, ...options })),
    );
  const scan = (more: object = {}) => ({
    attestations: [{ type: scanType, by, ...more }],
  });
  const built = (more: object = {}) => ({ provenance: [{ by, ...more }] });

  const now = log.clock;
  const later = new Date(now.getTime() + 2 * dayMs);
  const clean = await stated({
    predicateType: scanType,
    predicate: { critical: 0, tool: "x" },
  });
  const dirty = await stated({
    predicateType: scanType,
    predicate: { critical: 3 },
  });
  const bill = await stated({ predicateType: "https://spdx.dev/Document" });
  const [byGithub, byGenerator, byBuildKit] = [
    await stated(github),
    await stated(generated, reusable),
    await stated(buildKit),
  ];
  const none = "predicate.critical == 0";
  const wishes: readonly Wish[] = [
    { name: "a scan", policy: scan(), evidence: [clean], code: "OK" },
    {
      name: "an SBOM by its name",
      policy: scan({ type: "spdx" }),
      evidence: [bill],
      code: "OK",
    },
    {
      name: "T21: an SBOM in place of a scan",
      policy: scan(),
      evidence: [bill],
      code: "PREDICATE_MISSING",
    },
    {
      name: "T4: no scan",
      policy: scan(),
      evidence: [],
      code: "NO_EVIDENCE",
    },
    {
      name: "a condition",
      policy: scan({ where: none }),
      evidence: [clean],
      code: "OK",
    },
    {
      name: "a condition on the signer",
      policy: scan({
        where: `signer.identity == '${workflow}' && artifact.digest == '${subject.digest}'`,
      }),
      evidence: [clean],
      code: "OK",
    },
    {
      name: "T36: a condition that is false",
      policy: scan({ where: none }),
      evidence: [dirty],
      code: "POLICY",
    },
    {
      name: "T36: a condition on a missing field",
      policy: scan({ where: "predicate.high != 1" }),
      evidence: [clean],
      code: "POLICY",
    },
    {
      name: "T36: a condition that is a number",
      policy: scan({ where: "predicate.critical" }),
      evidence: [clean],
      code: "POLICY",
    },
    {
      name: "any of two scans",
      policy: scan({ where: none, match: "any" }),
      evidence: [clean, dirty],
      code: "OK",
    },
    {
      name: "all of two scans",
      policy: scan({ where: none, match: "all" }),
      evidence: [clean, dirty],
      code: "POLICY",
    },
    {
      name: "young enough",
      policy: scan({ maxAge: "24h" }),
      evidence: [clean],
      code: "OK",
    },
    {
      name: "too old",
      policy: scan({ maxAge: "24h" }),
      evidence: [clean],
      now: later,
      code: "TOO_OLD",
    },
    {
      name: "provenance of GitHub",
      policy: built({
        sourceUri: "github.com/acme/app",
        builderId: workflow,
        sourceRef: "refs/tags/v1.4.2",
        level: 2,
      }),
      evidence: [byGithub],
      code: "OK",
    },
    {
      name: "provenance of GitHub, a range of versions",
      policy: built({ sourceVersion: "^1.4.0" }),
      evidence: [byGithub],
      code: "OK",
    },
    {
      name: "provenance of slsa-framework's generator",
      policy: built({ sourceUri: repository, level: 3 }),
      evidence: [byGenerator],
      code: "OK",
    },
    {
      name: "provenance of BuildKit",
      policy: built({ sourceUri: `git+${repository}` }),
      evidence: [byBuildKit],
      code: "OK",
    },
    {
      name: "T32: another source",
      policy: built({ sourceUri: "https://github.com/acme/ap" }),
      evidence: [byGithub],
      code: "POLICY",
    },
    {
      name: "T32: another ref",
      policy: built({ sourceRef: "refs/heads/main" }),
      evidence: [byGithub],
      code: "POLICY",
    },
    {
      name: "T32: another version",
      policy: built({ sourceVersion: "^2.0.0" }),
      evidence: [byGithub],
      code: "POLICY",
    },
    {
      name: "T32: another builder",
      policy: built({
        builderId: "https://github.com/actions/runner/github-hosted",
      }),
      evidence: [byGithub],
      code: "POLICY",
    },
    {
      name: "T32: a level that it has not",
      policy: built({ level: 3 }),
      evidence: [byGithub],
      code: "POLICY",
    },
    {
      name: "T32: a builder that has not signed",
      policy: built(),
      evidence: [await stated(generated)],
      code: "POLICY",
    },
    {
      name: "T32: unexpected parameters",
      policy: built({ parameters: { allow: [] } }),
      evidence: [byGithub],
      code: "POLICY",
    },
    {
      name: "T21: an SBOM in place of provenance",
      policy: built(),
      evidence: [bill],
      code: "PREDICATE_MISSING",
    },
  ];
  return fileOf({ root: log.trustedRoot }, now, wishes);
}
