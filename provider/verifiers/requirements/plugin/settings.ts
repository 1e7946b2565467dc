import { z } from "zod";
import { textOf } from "../../../mirror/textOf";
import { parseReference } from "../../../oci/reference";
import { refuse } from "../../refuse";
import { attestation } from "../attestation";
import type { Asked } from "../kind";
import { signature } from "../signature";

/** A setting of a plugin's own. */
type Setting =
  | string
  | number
  | boolean
  | readonly Setting[]
  | { readonly [name: string]: Setting };

const setting: z.ZodType<Setting> = z.any();

/** What decides how a plugin is started; whoever writes them into `config` would contradict it. */
const ownWords = [
  "name",
  "type",
  "version",
  "artifactTypes",
  "nestedReferences",
  "source",
];

const artifactTypes = z
  .array(
    z
      .string()
      .regex(
        /^[\x21-\x2b\x2d-\x7e]{1,255}$/,
        "is no artifact type, and no `*`",
      ),
  )
  .min(1, "names no type: give at least one, or `*`")
  .max(20);

const word = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    "must be letters, digits, dots, hyphens and underscores",
  );

const pluginPolicySchema = z
  .strictObject({ ...signature.shape, ...attestation.shape })
  .superRefine((policy, refinement) => {
    const problems = [
      ...signature.problems(policy),
      ...attestation.problems(policy),
    ];
    for (const { path, reason } of problems) {
      refuse(refinement, { path, message: reason });
    }
    if (askedOfPlugin(policy).some(({ blocks }) => blocks)) return;
    refuse(refinement, {
      message:
        "blocks nothing: say who must have signed the plugin (signedBy, attestations)",
    });
  })
  .meta({
    id: "PluginPolicy",
    description: "Who must have vouched for a plugin before it is started.",
  });

/** The policy of a plugin as a user writes it. */
export type PluginPolicy = z.infer<typeof pluginPolicySchema>;

/** What a plugin's own policy asks for; paths begin at it. */
export function askedOfPlugin(policy: PluginPolicy): readonly Asked[] {
  return [...signature.ask(policy), ...attestation.ask(policy)];
}

/** One plugin as a user writes it; becomes the Pulumi type `PluginRequirement`. */
export const pluginSchema = z
  .strictObject({
    artifact: z
      .string()
      .describe(
        "The plugin as an OCI artifact, pinned: `ghcr.io/acme/licensechecker@sha256:…`. Its first layer is the executable; of an index, the manifest for this machine is taken.",
      ),
    policy: pluginPolicySchema
      .optional()
      .describe(
        "Who must have signed the plugin. With it, `artifact` may name a tag.",
      ),
    name: word
      .optional()
      .describe(
        "The verifier's name in its configuration. Default: the last part of the repository.",
      ),
    type: word
      .optional()
      .describe("The verifier's type in its configuration. Default: its name."),
    version: word
      .optional()
      .describe("The protocol version to say. Default: `1.0.0`."),
    artifactTypes: artifactTypes.describe(
      "Which referrers it judges: artifact types, or `*`. It must pass on every one, and there must be at least one.",
    ),
    nestedReferences: artifactTypes
      .optional()
      .describe(
        "Artifact types of referrers of those referrers that must be there and pass as well: by the plugins of this policy that are for the type, else by the authorities of `signedBy`.",
      ),
    config: z
      .record(z.string(), setting)
      .superRefine((config, refinement) => {
        for (const taken of ownWords.filter((own) => own in config)) {
          refuse(refinement, {
            path: [taken],
            message: "is said beside `config`, not in it",
          });
        }
      })
      .optional()
      .describe("Settings of the plugin's own, any JSON."),
    timeout: z
      .string()
      .regex(/^[1-9][0-9]{0,2}[sm]$/, "write a number and s or m: `30s`")
      .optional()
      .describe(
        "How long one run may take: a number and s or m. Default: `30s`.",
      ),
    mode: z
      .enum(["enforce", "warn"])
      .optional()
      .describe("`warn` only shows what it says. Default: `enforce`."),
  })
  .superRefine(({ artifact, policy }, refinement) => {
    const message = problemOf(artifact, policy !== undefined);
    if (message !== undefined) {
      refuse(refinement, { path: ["artifact"], message });
    }
  })
  .meta({
    id: "PluginRequirement",
    description:
      "A Ratify verifier plugin that must pass. It runs with your rights: this is no sandbox.",
  });

/** One plugin as a user writes it. */
export type PluginInput = z.infer<typeof pluginSchema>;

function problemOf(artifact: string, isVerified: boolean): string | undefined {
  try {
    const { tag, digest } = parseReference(artifact);
    if (digest !== undefined || (isVerified && tag !== undefined)) return;
    return isVerified
      ? "names neither a tag nor a digest"
      : "names a plugin without its digest (PLUGIN_UNPINNED): write `REPOSITORY@sha256:…`, or say in `policy` who must have signed it";
  } catch (error) {
    return textOf(error);
  }
}
