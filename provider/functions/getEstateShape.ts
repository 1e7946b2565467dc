import { z } from "zod";
import { inputs as artifactInputs } from "../resources/mirroredArtifact/inputs";
import { inputs as repositoryInputs } from "../resources/mirroredRepository/inputs";
import { registrySettings } from "../stores/registry/settings";
import { policySchema } from "../verifiers/policy";

const maxShards = 256;

const shard = z
  .strictObject({
    index: z.number().int().min(0).describe("Which shard, from 0."),
    count: z
      .number()
      .int()
      .min(1)
      .max(maxShards)
      .describe(`Of how many; at most ${maxShards}.`),
  })
  .refine(({ index, count }) => index < count, {
    message: "must be less than count: shards are counted from 0",
    path: ["index"],
  })
  .meta({ id: "Shard", description: "One part of an estate." });

/** Which estate, and which part of it. */
export const inputs = z.strictObject({
  file: z
    .string()
    .min(1)
    .optional()
    .describe("The estate file, relative to the program's folder."),
  text: z
    .string()
    .optional()
    .describe("Instead of `file`: the text of an estate file."),
  shard: shard
    .optional()
    .describe(
      "Answers only this part. Entries are dealt out by their names: all parts together are the estate, none share an entry, and when `count` grows by one, only the entries of the new part move (leave `onDelete` at `keep` for that, else the part that gives an entry away removes its tag).",
    ),
});

const named = {
  name: z
    .string()
    .describe(
      "What the resource is to be called: it stays when its entry moves within the file.",
    ),
  formerName: z
    .string()
    .optional()
    .describe(
      "What it was called when its entry had another number of destinations: an alias for the resource.",
    ),
};

const artifact = z.object({ ...named, ...artifactInputs.shape }).meta({
  id: "EstateArtifact",
  description: "The arguments of one MirroredArtifact, and its name.",
});
const repository = z.object({ ...named, ...repositoryInputs.shape }).meta({
  id: "EstateRepository",
  description: "The arguments of one MirroredRepository, and its name.",
});

/** The resources that the estate declares. */
export const outputs = z.object({
  artifacts: z
    .array(artifact)
    .describe("A MirroredArtifact each, in the order of the file."),
  repositories: z
    .array(repository)
    .describe("A MirroredRepository each, in the order of the file."),
  registries: z
    .array(registrySettings)
    .describe(
      "How the file says that hosts are reached: for the provider's `registries`.",
    ),
  policies: z
    .record(z.string(), policySchema)
    .describe(
      "The file's policies, which resources name by `use`: for the provider's `policies`.",
    ),
  total: z
    .number()
    .int()
    .describe("How many resources the whole estate declares, in all shards."),
});
