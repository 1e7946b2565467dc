import { z } from "zod";
import type { Build } from "./forge/build";
import { literal } from "./forge/expansion";
import { forgeKind } from "./forge/forgeKind";
import { hostPattern, refSettings } from "./forge/settings";
import type { AuthorityKind } from "./kind";
import { logSettings } from "./sigstore/logSettings";

const project = String.raw`[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+`;
const projectPattern = new RegExp(`^${project}$`);

/** `.gitlab-ci.yml`, a path, or `GROUP/PROJECT//PATH` for one in another project, at a ref. */
const configPattern = new RegExp(
  `^(?:(?<project>${project})//)?(?<path>[^/@*\\s][^@*\\s]*\\.ya?ml)(?:@(?<ref>[^\\s@]+))?$`,
);

const schema = z
  .strictObject({
    project: z
      .string()
      .regex(projectPattern, "must be GROUP/PROJECT, as GitLab writes it")
      .describe("The project that was built: `acme/team/app`, exactly."),
    config: z
      .string()
      .regex(
        configPattern,
        "must be the path of a pipeline's YAML file, or GROUP/PROJECT//PATH for one in another project",
      )
      .optional()
      .describe(
        "The pipeline's configuration: a path, or that of another project as `acme/ci//build.yml`, at one ref with `@refs/heads/main`. Default: `.gitlab-ci.yml`.",
      ),
    ref: refSettings.describe(
      "The ref that was built: `refs/heads/main`, `refs/tags/v*`; `*` is anything without a slash, `**` anything. Default: any.",
    ),
    host: z
      .string()
      .regex(hostPattern, "must be a host name")
      .optional()
      .describe(
        "The host, where it is not gitlab.com; its identities need `trustedRoots` of a Fulcio that knows it.",
      ),
    ...logSettings,
  })
  .meta({
    id: "GitlabAuthority",
    description:
      "GitLab CI/CD in one project: issuer, identity and certificate extensions follow from it.",
  });

type GitlabSettings = z.infer<typeof schema>;

/** Vouches for what a project's GitLab pipelines have signed. */
export const gitlab: AuthorityKind<GitlabSettings> = forgeKind({
  description:
    "Signed by GitLab CI/CD of this project, without a long-lived key.",
  schema,
  buildOf,
});

function buildOf(settings: GitlabSettings): Build {
  const { project: built, config = ".gitlab-ci.yml" } = settings;
  const { ref, host = "gitlab.com" } = settings;
  const named = configPattern.exec(config)?.groups ?? {};
  const holder = named["project"] ?? built;
  const site = `https://${host}`;
  const uri = `${site}/${holder}//${named["path"] ?? config}`;
  return {
    word: "gitlab",
    issuer: site,
    source: `${site}/${built}`,
    ref,
    config: {
      property: "config",
      own: "the project's own configuration",
      isOwn: holder === built,
      uri,
      pattern: literal(uri),
      ref: named["ref"],
    },
  };
}
