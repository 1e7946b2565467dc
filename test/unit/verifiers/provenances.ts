import { changed, type Editable } from "./world";

export const githubIssuer = "https://token.actions.githubusercontent.com";
export const repository = "https://github.com/acme/app";
export const ref = "refs/tags/v1.4.2";
const path = ".github/workflows/release.yml";
const commit = "1".repeat(40);
const run = `${repository}/actions/runs/77/attempts/1`;
export const workflow = `${repository}/${path}@${ref}`;
export const generator =
  "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@refs/tags/v2.1.0";
export const hostedRunner = "https://github.com/actions/runner/github-hosted";

/** What Fulcio certifies of the workflow's run, by the number of the extension. */
export const certified = {
  9: workflow,
  11: "github-hosted",
  12: repository,
  13: commit,
  14: ref,
  15: "1001",
  17: "2002",
  18: workflow,
  20: "push",
  21: run,
} as const;

/** SLSA v1 as GitHub's own action writes it. */
export const github = {
  predicateType: "https://slsa.dev/provenance/v1",
  predicate: {
    buildDefinition: {
      buildType: "https://actions.github.io/buildtypes/workflow/v1",
      externalParameters: { workflow: { ref, repository, path } },
      internalParameters: {
        github: {
          event_name: "push",
          repository_id: "1001",
          repository_owner_id: "2002",
          runner_environment: "github-hosted",
        },
      },
      resolvedDependencies: [
        { uri: `git+${repository}@${ref}`, digest: { gitCommit: commit } },
      ],
    },
    runDetails: { builder: { id: workflow }, metadata: { invocationId: run } },
  },
};

/** SLSA v0.2 as slsa-framework's generator writes it. */
export const generated = {
  predicateType: "https://slsa.dev/provenance/v0.2",
  predicate: {
    builder: { id: generator },
    buildType:
      "https://github.com/slsa-framework/slsa-github-generator/container@v1",
    invocation: {
      configSource: {
        uri: `git+${repository}@${ref}`,
        digest: { sha1: commit },
        entryPoint: path,
      },
      parameters: {},
      environment: {
        github_base_ref: "",
        github_event_name: "push",
        github_event_payload: {
          base_ref: "refs/heads/main",
          inputs: { release: "true", dry: false },
        },
        github_repository_id: "1001",
      },
    },
    metadata: { buildInvocationID: "77-1" },
    materials: [{ uri: `git+${repository}@${ref}`, digest: { sha1: commit } }],
  },
};

const package_ = "pkg:docker/alpine@3.20?platform=linux%2Famd64";

/** SLSA v0.2 as BuildKit writes it of a build from Git. */
export const buildKit = {
  predicateType: "https://slsa.dev/provenance/v0.2",
  predicate: {
    builder: { id: "" },
    buildType: "https://mobyproject.org/buildkit@v1",
    materials: [{ uri: package_, digest: { sha256: "2".repeat(64) } }],
    invocation: {
      configSource: {
        uri: `${repository}.git#${ref}:image`,
        digest: { sha1: commit },
        entryPoint: "Dockerfile",
      },
      parameters: {
        frontend: "dockerfile.v0",
        args: { "build-arg:EDITION": "full" },
      },
      environment: { platform: "linux/amd64" },
    },
  },
};

/** SLSA v1 as BuildKit writes it of a build from a local folder. */
export const buildKit1 = {
  predicateType: "https://slsa.dev/provenance/v1",
  predicate: {
    buildDefinition: {
      buildType:
        "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md",
      externalParameters: {
        configSource: { path: "Dockerfile" },
        request: { frontend: "dockerfile.v0" },
      },
      internalParameters: { builderPlatform: "linux/amd64" },
      resolvedDependencies: [{ uri: package_ }],
    },
    runDetails: {
      builder: { id: "https://ci.example/builders/7" },
      metadata: {
        buildkit_metadata: {
          vcs: { source: `${repository}.git`, revision: commit },
        },
      },
    },
  },
};

/** Provenance with something changed in it. */
export function provenanceWith<
  T extends { readonly predicateType: string; readonly predicate: object },
>(provenance: T, change: (predicate: Editable) => void) {
  const { predicateType, predicate } = provenance;
  const text = changed(JSON.stringify(predicate), change).toString();
  return { predicateType, predicate: JSON.parse(text) as object };
}
