import { z } from "zod";
import { kinds } from "./looking/kinds";
import { artifactSource } from "./askedWords";

/** Which artifact is looked at. */
export const inputs = z.strictObject({
  source: artifactSource,
  digest: z
    .string()
    .optional()
    .describe(
      "Looks at this digest (`sha256:…`), whatever the source's tag names now.",
    ),
  platforms: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      "Look only at these children of an index (`linux/amd64`): sizes then count what a copy of them would bring.",
    ),
});

const bytes = (what: string) =>
  z.number().describe(`${what}, in bytes, each digest once.`);
const kind = z
  .enum(kinds)
  .describe("What it is, as far as its types tell; nothing of it is proven.");

const child = z
  .object({
    digest: z.string().describe("Digest of the manifest."),
    mediaType: z.string().describe("Media type of the manifest."),
    artifactType: z
      .string()
      .describe("Its `artifactType`, else its config's media type."),
    kind,
    platform: z
      .string()
      .optional()
      .describe("What it runs on, where it runs: `linux/arm64/v8`."),
    size: z.number().describe("The manifest's own bytes."),
    totalSize: bytes("The manifest with all that it names"),
  })
  .meta({
    id: "ArtifactChild",
    description: "A manifest below an index.",
  });

const layer = z
  .object({
    digest: z.string().describe("Digest of the blob."),
    mediaType: z.string().describe("Media type of the blob."),
    size: z.number().describe("Its bytes."),
    title: z
      .string()
      .optional()
      .describe("The file's name, where the publisher gave one."),
  })
  .meta({ id: "ArtifactLayer", description: "A blob that a manifest names." });

/** What it is. */
export const outputs = z.object({
  source: z.string().describe("As asked."),
  digest: z.string().describe("Digest of the root manifest."),
  ref: z
    .string()
    .describe(
      "`repository@sha256:…`: what was looked at, and nothing that a tag may name later.",
    ),
  kind,
  mediaType: z.string().describe("Media type of the root manifest."),
  artifactType: z
    .string()
    .describe("Its `artifactType`, else its config's media type."),
  size: z.number().describe("The root manifest's own bytes."),
  totalSize: bytes("The root with everything below it that was looked at"),
  platforms: z
    .array(z.string())
    .describe("What it runs on: `linux/amd64`; empty where nothing runs."),
  manifests: z
    .array(child)
    .describe("The manifests below an index, in its order."),
  config: layer.optional().describe("The config, where the root is no index."),
  layers: z
    .array(layer)
    .describe("The layers, where the root is no index; at most 500."),
  annotations: z
    .record(z.string(), z.string())
    .describe(
      "The root's annotations as the publisher wrote them, unproven: at most 200, of at most 1000 characters.",
    ),
  created: z
    .string()
    .optional()
    .describe(
      "When the publisher says that it was made (RFC 3339): the annotation `org.opencontainers.image.created`, else the image's config.",
    ),
  subject: z
    .string()
    .optional()
    .describe("Digest of the manifest that this one is about."),
  omitted: z
    .number()
    .int()
    .optional()
    .describe("How many layers and annotations there was no room for."),
});
