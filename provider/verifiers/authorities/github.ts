import { z } from "zod";
import { refuse } from "../refuse";
import type { Build } from "./forge/build";
import { literal } from "./forge/expansion";
import { forgeKind } from "./forge/forgeKind";
import { hostPattern, refSettings } from "./forge/settings";
import type { AuthorityKind } from "./kind";
import { logSettings } from "./sigstore/logSettings";

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
export const github: AuthorityKind<GithubSettings> = forgeKind({
  description:
    "Signed by GitHub Actions of this repository, without a long-lived key.",
  schema,
  buildOf,
});

function buildOf(settings: GithubSettings): Build {
  const { repository, workflow = "", ref, host = "github.com" } = settings;
  const named = workflowPattern.exec(workflow)?.groups ?? {};
  const holder = named["repository"] ?? repository;
  const file = named["file"];
  const site = `https://${host}`;
  const folder = `${site}/${holder}/.github/workflows/`;
  return {
    word: "github",
    issuer: issuerOf(settings),
    source: `${site}/${repository}`,
    ref,
    config: {
      property: "workflow",
      own: "the repository's own workflow",
      isOwn: holder === repository,
      uri: `${folder}${file ?? "*"}`,
      pattern:
        literal(folder) + (file === undefined ? "[^/@]+" : literal(file)),
      ref: named["ref"],
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
