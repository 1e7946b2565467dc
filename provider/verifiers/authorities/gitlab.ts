import { z } from "zod";
import { rootWarnings } from "./endWarnings";
import {
  expandedAuthority,
  expansionText,
  literal,
  refPattern,
  type Expansion,
} from "./forge/expansion";
import { hostPattern, refSettings } from "./forge/settings";
import type { AuthorityKind } from "./kind";
import { canonicalLog, logSettings } from "./sigstore/logSettings";

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
export const gitlab: AuthorityKind<GitlabSettings> = {
  description:
    "Signed by GitLab CI/CD of this project, without a long-lived key.",
  schema,
  async examine(settings) {
    const { examineRoots } = await import("./sigstore/trust.ts");
    const { project: named, ref } = configOf(settings);
    const own = named === settings.project;
    return [
      ...(own && ref !== undefined
        ? [
            {
              path: ["config"],
              reason:
                "names a ref: for the project's own configuration, say ref",
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

interface Configuration {
  readonly project: string;
  readonly path: string;
  readonly ref: string | undefined;
}

function configOf({
  project: built,
  config = ".gitlab-ci.yml",
}: GitlabSettings): Configuration {
  const groups = configPattern.exec(config)?.groups ?? {};
  return {
    project: groups["project"] ?? built,
    path: groups["path"] ?? config,
    ref: groups["ref"],
  };
}

function expand(settings: GitlabSettings): Expansion {
  const { ref, host = "gitlab.com" } = settings;
  const config = configOf(settings);
  const site = `https://${host}`;
  const place = `${site}/${config.project}//${config.path}`;
  const own = config.project === settings.project;
  // the project's own configuration is of the ref that was built; another's is of its own
  const signerRef = own ? (ref ?? "**") : (config.ref ?? "**");
  const sourceRepositoryUri = `${site}/${settings.project}`;
  return {
    word: "gitlab",
    issuer: site,
    identityPattern: `${literal(place)}@${refPattern(signerRef)}`,
    readable: `${place}@${signerRef}`,
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
