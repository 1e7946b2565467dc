import { examinePolicy } from "../../../provider/verifiers/examinePolicy";
import { keyOf, spdx, vendor } from "./judging";
import {
  judgeOfProvenance,
  type Sample,
  type Wanted,
} from "./provenanceJudging";
import {
  generated,
  github,
  hostedRunner,
  ref,
  repository,
  workflow,
} from "./provenances";

const verdictOn = judgeOfProvenance();
const sourceUri = repository;
const everything: Wanted = {
  sourceUri,
  sourceRef: ref,
  sourceVersion: "^1.4.0",
};

describe("provenance", () => {
  test.each<[string, Sample, Wanted]>([
    ["GitHub's", github, everything],
    ["GitHub's, by its workflow", github, { builderId: workflow }],
    [
      "GitHub's, at any version of it",
      github,
      { builderId: workflow.split("@")[0] },
    ],
    [
      "GitHub's, by a short tag",
      github,
      { builderId: workflow.replace("refs/tags/", "") },
    ],
    [
      "GitHub's, by type",
      github,
      {
        type: "slsaprovenance1",
        buildTypes: ["x", "https://actions.github.io/buildtypes/workflow/v1"],
      },
    ],
    [
      "GitHub's, with its parameters",
      github,
      {
        parameters: {
          allow: ["workflow"],
          equals: { "workflow.path": ".github/workflows/release.yml" },
        },
      },
    ],
    ["a generator's", generated, everything],
    ["a generator's, by type", generated, { type: "slsaprovenance" }],
    [
      "a generator's, with inputs",
      generated,
      {
        parameters: {
          allow: ["inputs"],
          equals: { "inputs.release": "true", "inputs.dry": "false" },
        },
      },
    ],
    [
      "a generator's, by the branch of the tag",
      generated,
      { sourceRef: "refs/heads/main" },
    ],
    [
      "another spelling of the repository",
      github,
      { sourceUri: "git+https://GitHub.com/acme/app.git" },
    ],
    [
      "the repository without a scheme",
      github,
      { sourceUri: "github.com/acme/app/" },
    ],
    [
      "an expression",
      github,
      { where: "predicate.runDetails.builder.id == signer.identity" },
    ],
    ["an age", github, { maxAge: "1h", match: "latest" }],
  ])("of a good build passes: %s", async (_, provenance, wanted) => {
    expect(await verdictOn(provenance, wanted)).toMatchObject({
      outcome: "passed",
      requirement: "provenance[0]",
      satisfiedBy: [{ statement: { predicateType: provenance.predicateType } }],
    });
  });

  test.each<[string, Sample, Wanted, string]>([
    ["the builder", github, { builderId: hostedRunner }, "builderId"],
    [
      "the builder's version",
      github,
      { builderId: `${workflow}1` },
      "builderId",
    ],
    [
      "part of the builder",
      github,
      { builderId: workflow.slice(0, 40) },
      "builderId",
    ],
    ["the repository", github, { sourceUri: `${repository}2` }, "source"],
    [
      "the repository's owner",
      github,
      { sourceUri: "https://github.com/acme2/app" },
      "source",
    ],
    [
      "the host",
      github,
      { sourceUri: "https://github.com.evil/acme/app" },
      "source",
    ],
    [
      "the scheme",
      github,
      { sourceUri: "http://github.com/acme/app" },
      "source",
    ],
    ["the ref", github, { sourceRef: "refs/heads/main" }, "sourceRef"],
    ["the version", github, { sourceVersion: "^1.5.0" }, "sourceVersion"],
    [
      "the branch of the tag",
      generated,
      { sourceRef: "refs/heads/dev" },
      "sourceRef",
    ],
    [
      "the build type",
      github,
      { buildTypes: ["https://actions.github.io/buildtypes/workflow/v2"] },
      "buildType",
    ],
    [
      "what parameters there may be",
      github,
      { parameters: { allow: [] } },
      "workflow",
    ],
    [
      "inputs, where none are allowed",
      generated,
      { parameters: { allow: [] } },
      "inputs",
    ],
    [
      "a parameter",
      github,
      { parameters: { equals: { "workflow.ref": "refs/heads/main" } } },
      "workflow.ref",
    ],
    [
      "a parameter that is not there",
      github,
      { parameters: { equals: { "inputs.x": "1" } } },
      "absent",
    ],
    ["an expression", github, { where: "predicate.nothing == 1" }, "where"],
  ])("T32: of another build fails: %s", async (_, provenance, wanted, why) => {
    expect(await verdictOn(provenance, wanted)).toMatchObject({
      outcome: "failed",
      code: "POLICY",
      reason: expect.stringContaining(why),
      satisfiedBy: [],
    });
  });

  test("T21: an SBOM by the right signer is no provenance", async () => {
    const sbom = { predicateType: spdx, predicate: github.predicate };
    expect(
      await verdictOn(sbom, everything, { identity: workflow }),
    ).toMatchObject({
      code: "PREDICATE_MISSING",
    });
  });

  test.each<[Wanted, string, string]>([
    [
      { sourceUri: "git@github.com:acme/app.git" },
      "sourceUri",
      "plain repository",
    ],
    [
      { sourceUri: "https://github.com/acme/../app" },
      "sourceUri",
      "plain repository",
    ],
    [{ sourceUri: `${repository}@${ref}` }, "sourceUri", "sourceRef"],
    [{ sourceRef: "main" }, "sourceRef", "refs/heads/main"],
    [{ sourceVersion: "one" }, "sourceVersion", "range"],
    [{ sourceVersion: "*" }, "sourceVersion", "every version"],
    [{ type: "spdx" }, "type", "slsa.dev"],
    [{ type: "slsa" }, "type", "neither"],
    [{ level: 4 }, "level", ""],
    [{ where: "predicat.x" }, "where", "predicat"],
  ])(
    "a policy that cannot be right is refused: %j",
    async (wanted, word, why) => {
      const policy = { provenance: [{ by: [keyOf(vendor)], ...wanted }] };
      expect(await examinePolicy(policy)).toEqual([
        {
          path: ["provenance", 0, word],
          reason: expect.stringContaining(why),
        },
      ]);
    },
  );
});
