import { z } from "zod";
import { minAgeInput } from "../../resources/mirroring/age/minAgeInput";
import { inputs as artifactInputs } from "../../resources/mirroredArtifact/inputs";
import { inputs as repositoryInputs } from "../../resources/mirroredRepository/inputs";
import { registrySettings } from "../../stores/registry/settings";
import { policySchema } from "../../verifiers/policy";

const word = (grammar: RegExp, says: string) => z.string().regex(grammar, says);

/** What entries are called; `:` and `@` follow in the names of resources. */
const entryName = word(
  /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/,
  'a name begins with a letter or digit, and has at most 100 letters, digits, ".", "_", "/" and "-"',
);
const label = word(
  /^[a-z0-9][a-z0-9-]{0,62}$/,
  'a name begins with a lower-case letter or digit, and has at most 63 of these and "-"',
);
const text = z.string().min(1);

const registry = z
  .union([
    text,
    registrySettings
      .safeExtend({
        prefix: text
          .optional()
          .describe("What stands before each repository there."),
      })
      .describe(
        "A host that is reached in another way than by default. Nothing in it is secret: credentials stay in the stack's configuration.",
      ),
  ])
  .describe("`host[:port][/prefix]`, or an object with `host`.");

const policy = z
  .union([text, policySchema])
  .describe(
    "Who must have signed it: the name of one of `policies` (or of the provider's own), or a policy.",
  );

/** One place, or one for each region. */
const places = (what: string) =>
  z
    .union([text, z.array(text).min(1), z.record(label, text)])
    .describe(
      `${what} Several as a list, named by their registries, or as an object: name → place.`,
    );

const destination = places(
  "Where it is to be: `corp/apps/app:1.4.2`. Without a tag, it has the source's.",
);
const destinationPrefix = places(
  "Where it is to be, without `destination`: the source's path behind its registry is added to this.",
);

const artifactSettings = artifactInputs
  .omit({ source: true, destination: true, policy: true, digest: true })
  .partial().shape;
const repositorySettings = repositoryInputs
  .omit({ source: true, destination: true, policy: true, digests: true })
  .partial().shape;

const artifact = z
  .strictObject({
    source: text.describe(
      "Where it comes from: `alias/path:tag`, `host/path:tag`, with `@sha256:…` behind it where it is pinned, or `oci:./dir:tag`. In a group with `sourcePrefix`, it follows that.",
    ),
    destination: destination.optional(),
    destinationPrefix: destinationPrefix.optional(),
    additionalTags: z
      .array(text)
      .min(1)
      .optional()
      .describe('Further tags at each destination; quote numbers: `"1.4"`.'),
    policy: policy.optional(),
    ...artifactSettings,
  })
  .meta({ id: "EstateArtifactEntry", description: "One artifact." });

const repository = z
  .strictObject({
    source: text.describe(
      "The repository whose tags are mirrored: `alias/path`, `host/path`, or `oci:./dir`; no tag. In a group with `sourcePrefix`, it follows that.",
    ),
    destination: destination.optional(),
    destinationPrefix: destinationPrefix.optional(),
    policy: policy.optional(),
    digests: repositoryInputs.shape.digests,
    ...repositorySettings,
  })
  .meta({ id: "EstateRepositoryEntry", description: "One repository." });

const artifacts = z
  .record(
    entryName,
    z
      .union([text, artifact])
      .describe("The source alone, or an object with `source`."),
  )
  .describe("Artifacts by name: one tag each.");
const repositories = z
  .record(entryName, repository)
  .describe("Repositories by name: tags chosen by rules.");

/** What entries share: any setting of the two kinds of resource. */
const shared = {
  destinationPrefix: destinationPrefix.optional(),
  policy: policy.optional(),
  ...repositorySettings,
  ...artifactSettings,
  minAge: minAgeInput
    .optional()
    .describe(
      "A cooldown. Repositories that say nothing in `tags.minAge` have it, too.",
    ),
};

const group = z
  .strictObject({
    sourcePrefix: text
      .optional()
      .describe("What stands before each `source` here: `hub/library`."),
    ...shared,
    artifacts: artifacts.optional(),
    repositories: repositories.optional(),
  })
  .meta({
    id: "EstateGroup",
    description: "Entries that share settings, which replace the defaults.",
  });

/** An estate file (README "An estate"). */
export const estateShape = z.strictObject({
  version: z.literal(1).describe("Version of this format: 1."),
  registries: z
    .record(label, registry)
    .optional()
    .describe("Registries, named once: alias → `host[/prefix]`."),
  policies: z
    .record(entryName, policySchema)
    .optional()
    .describe("Policies by name, for `policy: name`."),
  defaults: z
    .strictObject(shared)
    .meta({ id: "EstateDefaults", description: "What all entries share." })
    .optional(),
  artifacts: artifacts.optional(),
  repositories: repositories.optional(),
  groups: z
    .record(entryName, group)
    .optional()
    .describe("Entries that share a source, a destination or settings."),
});

/** A file as its author wrote it. */
export type EstateText = z.infer<typeof estateShape>;
