import { z } from "zod";
import { refuse } from "../refuse";
import { rootWarnings } from "./endWarnings";
import {
  expandedAuthority,
  expansionText,
  literal,
  refPattern,
  type Expansion,
} from "./forge/expansion";
import type { AuthorityKind } from "./kind";
import { canonicalLog, logSettings } from "./sigstore/logSettings";
import { hostPattern, refSettings } from "./forge/settings";

const repositoryPattern = /^[A-Za-z0-9_-]+\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/;

/** `release.yml`, `.github/workflows/release.yml`, or that in another repository, at a ref. */
const workflowPattern =
  /^(?:(?:(?<repository>[A-Za-z0-9_-]+\/[A-Za-z0-9._-]+)\/)?\.github\/workflows\/)?(?<file>[^/@*\s]+\.ya?ml)(?:@(?<ref>[^\s@]+))?$/;

const schema = z
  .strictObject({
    repository: z
      .string()
      .regex(repositoryPattern, "must be OWNER/REPOSITORY, as GitHub writes it")
      .describe("The repository that was built: `acme/app`, exactly."),
    workflow: z
      .string()
      .regex(
        workflowPattern,
        "must be a workflow's file name or path, or OWNER/REPOSITORY/.github/workflows/FILE.yml for one in another repository",
      )
      .optional()
      .describe(
        "The workflow that signed: `release.yml`, or a reusable one of another repository as `acme/ci/.github/workflows/build.yml`, at one ref with `@refs/tags/v1`. Default: any workflow of the repository itself.",
      ),
    ref: refSettings.describe(
      "The ref that was built: `refs/heads/main`, `refs/tags/v*`; `*` is anything without a slash, `**` anything. Default: any.",
    ),
    host: z
      .string()
      .regex(hostPattern, "must be a host name")
      .optional()
      .describe(
        "The host, where it is not github.com: `acme.ghe.com`, or GitHub Enterprise Server's own, each with its own `trustedRoots`.",
      ),
    enterprise: z
      .string()
      .regex(/^[A-Za-z0-9_-]+$/, "must be an enterprise's slug")
      .optional()
      .describe(
        "The enterprise's slug, where it has made that a part of its tokens' issuer.",
      ),
    ...logSettings,
  })
  .superRefine(({ host = "github.com", enterprise }, refinement) => {
    if (host === "github.com" || enterprise === undefined) return;
    refuse(refinement, {
      path: ["enterprise"],
      message: "is of github.com alone: other hosts have an issuer each",
    });
  })
  .meta({
    id: "GithubAuthority",
    description:
      "GitHub Actions in one repository: issuer, identity and certificate extensions follow from it.",
  });

type GithubSettings = z.infer<typeof schema>;

/** Vouches for what a repository's GitHub Actions have signed. */
export const github: AuthorityKind<GithubSettings> = {
  description:
    "Signed by GitHub Actions of this repository, without a long-lived key.",
  schema,
  async examine(settings) {
    const { examineRoots } = await import("./sigstore/trust.ts");
    const { repository, ref } = workflowOf(settings);
    const own = repository === settings.repository;
    return [
      ...(own && ref !== undefined
        ? [
            {
              path: ["workflow"],
              reason: "names a ref: for the repository's own workflow, say ref",
            },
          ]
        : []),
      ...examineRoots(settings, "identity"),
    ];
  },
  canonical: (settings) => ({
    expansion: expansionText(expand(settings)),
    ...canonicalLog(settings),
  }),
  warnings: rootWarnings,
  prepare: (settings, place) =>
    expandedAuthority(expand(settings), settings, place),
};

interface Workflow {
  readonly repository: string;
  readonly file: string | undefined;
  readonly ref: string | undefined;
}

function workflowOf({ repository, workflow = "" }: GithubSettings): Workflow {
  const groups = workflowPattern.exec(workflow)?.groups ?? {};
  return {
    repository: groups["repository"] ?? repository,
    file: groups["file"],
    ref: groups["ref"],
  };
}

function expand(settings: GithubSettings): Expansion {
  const { repository, ref, host = "github.com" } = settings;
  const workflow = workflowOf(settings);
  const site = `https://${host}`;
  const folder = `${site}/${workflow.repository}/.github/workflows/`;
  const own = workflow.repository === repository;
  // a workflow of the repository itself is of the ref that was built; another's is of its own
  const signerRef = own ? (ref ?? "**") : (workflow.ref ?? "**");
  const file = workflow.file;
  const sourceRepositoryUri = `${site}/${repository}`;
  return {
    word: "github",
    issuer: issuerOf(settings),
    identityPattern: [
      literal(folder),
      file === undefined ? "[^/@]+" : literal(file),
      "@",
      refPattern(signerRef),
    ].join(""),
    readable: `${folder}${file ?? "*"}@${signerRef}`,
    extensions: { sourceRepositoryUri },
    ...(ref !== undefined && {
      extensionPatterns: { sourceRepositoryRef: refPattern(ref) },
    }),
    conditions: {
      sourceRepositoryUri,
      ...(ref !== undefined && { sourceRepositoryRef: ref }),
    },
  };
}

/** Who issues a host's tokens: github.com, there an enterprise by itself, a tenant of ghe.com, or a server of one's own. */
function issuerOf({ host, enterprise }: GithubSettings): string {
  if (host === undefined || host === "github.com") {
    const site = "https://token.actions.githubusercontent.com";
    return enterprise === undefined ? site : `${site}/${enterprise}`;
  }
  return host.endsWith(".ghe.com")
    ? `https://token.actions.${host}`
    : `https://${host}/_services/token`;
}
