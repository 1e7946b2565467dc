import { type Identity } from "../../samples/sigstoreWorld";
import { judgeOfProvenance, type Sample } from "./provenanceJudging";
import {
  generated,
  generator,
  github,
  provenanceWith,
  ref,
  repository,
  workflow,
} from "./provenances";

const verdictOn = judgeOfProvenance();
describe("the level of provenance", () => {
  const delegator = generator.replace(
    "generator_container",
    "delegator_generic",
  );
  const ofBuilder = (id: string) =>
    provenanceWith(github, (p) => (p.runDetails.builder.id = id));
  const bare = { 11: "github-hosted", 12: repository, 14: ref };
  const called =
    "https://github.com/corp/builds/.github/workflows/build.yml@refs/tags/v1";
  test.each<[number, string, Sample, Partial<Identity>]>([
    [2, "a hosted runner", github, {}],
    [
      2,
      "a hosted runner by its older name",
      ofBuilder("https://github.com/actions/runner"),
      {},
    ],
    [
      2,
      "a workflow that the repository calls and holds",
      github,
      {
        extensions: {
          ...bare,
          9: `${repository}/.github/workflows/b.yml@${ref}`,
        },
      },
    ],
    [
      3,
      "a workflow of another repository",
      ofBuilder(called),
      { identity: called, extensions: { ...bare, 9: called } },
    ],
    [3, "a generator of slsa-framework", generated, {}],
    [
      3,
      "what a delegator of slsa-framework passes on",
      ofBuilder(workflow),
      { identity: delegator },
    ],
    [
      1,
      "a runner of one's own",
      provenanceWith(
        ofBuilder("https://github.com/actions/runner/self-hosted"),
        (p) => delete p.buildDefinition.internalParameters,
      ),
      { extensions: { ...bare, 11: "self-hosted" } },
    ],
    [
      1,
      "a builder that nobody knows",
      ofBuilder("https://ci.example/builder"),
      {},
    ],
    [1, "another issuer's", github, { issuer: "https://gitlab.com" }],
  ])(
    "level %i is reached, and no more, by %s",
    async (level, _, provenance, who) => {
      const { runDetails, builder } = Object(provenance.predicate);
      const builderId: string = runDetails?.builder.id ?? builder.id;
      const wanted = { builderId, level };
      expect(await verdictOn(provenance, wanted, who)).toMatchObject({
        outcome: "passed",
      });
      if (level === 3) return;
      const more = { builderId, level: level + 1 };
      expect(await verdictOn(provenance, more, who)).toMatchObject({
        code: "POLICY",
        reason: expect.stringContaining(`its level is ${level}`),
      });
    },
  );
});
