import { type Identity } from "../../samples/sigstoreWorld";
import {
  judgeOfProvenance,
  type Sample,
  type Wanted,
} from "./provenanceJudging";
import {
  generator,
  github,
  hostedRunner,
  provenanceWith,
  ref,
  repository,
  workflow,
} from "./provenances";
import { type Editable } from "./world";

const verdictOn = judgeOfProvenance();
const sourceUri = repository;
const everything: Wanted = {
  sourceUri,
  sourceRef: ref,
  sourceVersion: "^1.4.0",
};

describe("provenance beside the certificate of its signer", () => {
  type Change = (predicate: Editable) => void;
  const definition =
    (change: Change): Change =>
    (predicate) =>
      change(predicate.buildDefinition);
  const evil = "https://github.com/evil/app";
  test.each<[string, Change, string]>([
    ["no builder", (p) => delete p.runDetails.builder, "builderId"],
    ["an empty builder", (p) => (p.runDetails.builder.id = ""), "builderId"],
    [
      "a builder of another kind",
      (p) => (p.runDetails.builder.id = 7),
      "builder.id",
    ],
    [
      "no source at all",
      definition((d) => {
        d.buildType = "https://acme.example/build/v1";
        d.externalParameters = {};
        d.resolvedDependencies = [];
      }),
      "source",
    ],
    [
      "no workflow",
      definition((d) => delete d.externalParameters.workflow),
      "workflow.repository",
    ],
    [
      "a source that is empty",
      definition((d) => (d.resolvedDependencies[0].uri = "")),
      "materials[0].uri",
    ],
    [
      "a source without a ref",
      definition((d) => {
        d.buildType = "https://acme.example/build/v1";
        d.externalParameters = {};
        d.resolvedDependencies[0].uri = `git+${repository}`;
      }),
      "sourceRef",
    ],
    [
      "another source in the workflow",
      definition((d) => (d.externalParameters.workflow.repository = evil)),
      "evil",
    ],
    [
      "another source in what was resolved",
      definition((d) => (d.resolvedDependencies[0].uri = `git+${evil}@${ref}`)),
      "evil",
    ],
    [
      "another ref in what was resolved",
      definition(
        (d) =>
          (d.resolvedDependencies[0].uri = `git+${repository}@refs/heads/x`),
      ),
      "refs/heads/x",
    ],
    [
      "steps up in the path",
      definition(
        (d) =>
          (d.resolvedDependencies[0].uri = `git+https://github.com/evil/../acme/app@${ref}`),
      ),
      "/../",
    ],
    [
      "coded steps up in the path",
      definition(
        (d) =>
          (d.resolvedDependencies[0].uri = `git+https://github.com/evil/%2e%2e/acme/app@${ref}`),
      ),
      "%2e",
    ],
    [
      "a user in the source",
      definition(
        (d) =>
          (d.resolvedDependencies[0].uri = `git+https://github.com@evil.example/acme/app@${ref}`),
      ),
      "evil",
    ],
    [
      "another scheme in the source",
      definition(
        (d) =>
          (d.resolvedDependencies[0].uri = `git+http://github.com/acme/app@${ref}`),
      ),
      "http:",
    ],
    [
      "a workflow that is no object",
      definition((d) => (d.externalParameters.workflow = "x")),
      "workflow",
    ],
    [
      "parameters that are no object",
      definition((d) => (d.externalParameters = ["x"])),
      "externalParameters",
    ],
    [
      "a member whose case differs",
      definition((d) => {
        d.BuildType = d.buildType;
        delete d.buildType;
      }),
      "BuildType",
    ],
    [
      "another event than the certificate",
      definition(
        (d) => (d.internalParameters.github.event_name = "pull_request"),
      ),
      "event_name",
    ],
    [
      "another owner than the certificate",
      definition(
        (d) => (d.internalParameters.github.repository_owner_id = "666"),
      ),
      "repository_owner_id",
    ],
    [
      "another workflow than the certificate",
      definition(
        (d) =>
          (d.externalParameters.workflow.path = ".github/workflows/other.yml"),
      ),
      "workflow",
    ],
    [
      "another run than the certificate",
      (p) =>
        (p.runDetails.metadata.invocationId = `${repository}/actions/runs/78/attempts/1`),
      "run",
    ],
    [
      "no predicate at all",
      (p) => {
        delete p.runDetails;
        delete p.buildDefinition;
      },
      "builderId",
    ],
  ])(
    "T32: that is not as its certificate or the policy has it fails: %s",
    async (_, change, why) => {
      const provenance = provenanceWith(github, change);
      const wanted = { ...everything, builderId: workflow };
      expect(await verdictOn(provenance, wanted)).toMatchObject({
        outcome: "failed",
        code: "POLICY",
        reason: expect.stringContaining(why),
      });
    },
  );

  const unreleased = generator.replace("refs/tags/v2.1.0", "refs/heads/main");
  const delegator = generator.replace(
    "generator_container",
    "delegator_generic",
  );
  const ofBuilder = (id: string) =>
    provenanceWith(github, (p) => (p.runDetails.builder.id = id));
  test.each<[string, Sample, Partial<Identity>, Wanted]>([
    [
      "of another workflow",
      ofBuilder(workflow.replace("release", "evil")),
      {},
      {},
    ],
    [
      "of a generator that did not sign",
      ofBuilder(generator),
      {},
      { level: 3 },
    ],
    [
      "of a generator at no released version",
      ofBuilder(unreleased),
      { identity: unreleased },
      {},
    ],
    [
      "of a hosted runner, where it was another",
      ofBuilder(hostedRunner),
      { extensions: { 11: "self-hosted" } },
      {},
    ],
    [
      "of a runner, where none is certified",
      ofBuilder(hostedRunner),
      { extensions: {} },
      {},
    ],
    [
      "that a delegator passes on and nobody named",
      ofBuilder(workflow),
      { identity: delegator },
      {},
    ],
  ])(
    "T32: whose builder is not its signer's fails: %s",
    async (_, provenance, who, wanted) => {
      const extensions = { 11: "github-hosted" };
      expect(
        await verdictOn(provenance, wanted, { extensions, ...who }),
      ).toMatchObject({
        outcome: "failed",
        code: "POLICY",
        reason: expect.stringContaining("builderId"),
      });
    },
  );
});
