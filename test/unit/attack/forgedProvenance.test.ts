import { judgeOfProvenance, type Sample } from "../verifiers/provenanceJudging";
import {
  buildKit,
  certified,
  generator,
  github,
  githubIssuer,
  hostedRunner,
  provenanceWith,
  ref,
  repository,
  workflow,
} from "../verifiers/provenances";

const judge = judgeOfProvenance();
const selfHosted = {
  identity: workflow,
  extensions: { ...certified, 11: "self-hosted" },
};
const claiming = (builder: string): Sample =>
  provenanceWith(buildKit, (predicate) => (predicate.builder.id = builder));

describe("whoever may run a workflow writes whatever provenance he likes", () => {
  test.each([generator, hostedRunner, workflow.replace("release", "other")])(
    "T32: BuildKit's build type does not make him the builder %s",
    async (builderId) => {
      const verdict = await judge(
        claiming(builderId),
        { builderId },
        selfHosted,
      );
      expect(verdict).toMatchObject({ outcome: "failed", code: "POLICY" });
    },
  );

  test("T32: BuildKit's build type does not move him to another ref of his repository", async () => {
    const wanted = { sourceUri: repository, sourceRef: ref };
    expect(await judge(buildKit, wanted)).toMatchObject({ code: "OK" });
    const elsewhere = { ...certified, 14: "refs/heads/evil" };
    const verdict = await judge(buildKit, wanted, { extensions: elsewhere });
    expect(verdict).toMatchObject({ outcome: "failed", code: "POLICY" });
    expect(verdict.reason).toContain("refs/heads/evil");
  });

  test("BuildKit may name the run, and sources that somebody else signs for", async () => {
    expect(
      await judge(claiming(`${repository}/actions/runs/77/attempts/1`), {
        sourceUri: repository,
      }),
    ).toMatchObject({ code: "OK" });
    const other = { ...certified, 12: `${repository}-signer` };
    expect(
      await judge(
        buildKit,
        { sourceUri: repository },
        { extensions: { ...other, 14: "refs/heads/main" } },
      ),
    ).toMatchObject({ code: "OK" });
  });

  test.each([
    `${githubIssuer}/acme`,
    "https://token.actions.acme.ghe.com",
    "https://github.acme.example/_services/token",
  ])(
    "T32: an issuer of GitHub's for one enterprise is held against its certificate too: %s",
    async (issuer) => {
      const wanted = { sourceRef: ref };
      expect(await judge(github, wanted, { issuer })).toMatchObject({
        code: "OK",
      });
      const elsewhere = { ...certified, 14: "refs/heads/evil" };
      expect(
        await judge(github, wanted, { issuer, extensions: elsewhere }),
      ).toMatchObject({ outcome: "failed", code: "POLICY" });
      const builderId = generator;
      const forged = provenanceWith(
        github,
        (predicate) => (predicate.runDetails.builder.id = builderId),
      );
      expect(await judge(forged, { builderId }, { issuer })).toMatchObject({
        outcome: "failed",
        code: "POLICY",
      });
    },
  );
});
