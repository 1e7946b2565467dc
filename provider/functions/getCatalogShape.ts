import { z } from "zod";
import { catalogWays } from "../mirror/repositories";
import { kinds } from "./looking/kinds";

export const maxTyped = 200;

/** Which registry is listed, and how. */
export const inputs = z.strictObject({
  registry: z
    .string()
    .describe(
      "The registry, or a part of it: `registry.example`, `docker.io/acme`, `ghcr.io/acme`. Docker Hub, Quay, GitHub, GitLab and Google list nothing without a namespace.",
    ),
  way: z
    .enum(catalogWays)
    .optional()
    .describe(
      "How to list: default the way that the host is known for, else `distribution` (`_catalog`, which many products refuse). Name it for what you host yourself: `harbor`, `quay`, `gitlab`, `zot`, `artifactory`.",
    ),
  api: z
    .string()
    .optional()
    .describe(
      "The host of the product's own API, where it is another one than the registry's: `gitlab.corp.example`. It is shown only credentials that are configured for it.",
    ),
  max: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .optional()
    .describe("How many repositories to list at most. Default 1000."),
  types: z
    .boolean()
    .optional()
    .describe(
      "Whether to tell what is in each repository, by its newest tag: two requests more for each of the first 200, which Docker Hub counts as pulls. Default false.",
    ),
});

const repository = z
  .object({
    name: z.string().describe("Its name without the host: `acme/app`."),
    reference: z.string().describe("`host/name`: what a `source` begins with."),
    updated: z
      .string()
      .optional()
      .describe("When it was changed last, as the registry says (RFC 3339)."),
    tag: z
      .string()
      .optional()
      .describe(
        "The tag that was looked at: the newest, as the registry says; else the highest version, else `latest`.",
      ),
    digest: z.string().optional().describe("What that tag names."),
    kind: z
      .enum(kinds)
      .optional()
      .describe("What that is, as far as its types tell."),
    artifactType: z
      .string()
      .optional()
      .describe("Its `artifactType`, else its config's media type."),
    problem: z
      .string()
      .optional()
      .describe("Why nothing could be told of what is in it."),
  })
  .meta({
    id: "CatalogRepository",
    description: "A repository of a registry.",
  });

/** What is there. */
export const outputs = z.object({
  registry: z.string().describe("As asked."),
  way: z.enum(catalogWays).describe("How it was listed."),
  complete: z
    .boolean()
    .describe(
      "Whether the registry's list was read to its end. It lists what the credential in use may see: `notes` tells what may be missing.",
    ),
  notes: z
    .array(z.string())
    .describe("What has to be known of this list, in words."),
  repositories: z.array(repository).describe("The repositories, by name."),
});

/** One repository as it is answered. */
export type CatalogEntry = z.infer<typeof repository>;
