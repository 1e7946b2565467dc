import * as pulumi from "@pulumi/pulumi";
import type { MirroredArtifactArgs } from "../nodejs/mirroredArtifact";
import type * as outputs from "../nodejs/types/output";
import type {
  VerifyArtifactArgs,
  VerifyArtifactResult,
} from "../nodejs/verifyArtifact";

export type { MirroredArtifactArgs, VerifyArtifactArgs, VerifyArtifactResult };

// This object goes into the state of every stack as text. It must capture nothing, and stay as it is over upgrades:
// each call only asks the installed package.
const host: pulumi.dynamic.ResourceProvider = {
  configure: async (request) =>
    require("pulumi-artifact-mirror/dynamic/host").configure(request),
  check: async (olds, news) =>
    require("pulumi-artifact-mirror/dynamic/host").check(olds, news),
  diff: async (id, olds, news) =>
    require("pulumi-artifact-mirror/dynamic/host").diff(id, olds, news),
  create: async (inputs) =>
    require("pulumi-artifact-mirror/dynamic/host").create(inputs),
  read: async (id, props) =>
    require("pulumi-artifact-mirror/dynamic/host").read(id, props),
  update: async (id, olds, news) =>
    require("pulumi-artifact-mirror/dynamic/host").update(id, olds, news),
  delete: async (id, props) =>
    require("pulumi-artifact-mirror/dynamic/host").delete(id, props),
};

/**
 * An OCI artifact that is copied, with all its signatures and attestations, from a registry of somebody else into one of yours, if your policy admits it.
 *
 * This is the dynamic form for TypeScript programs that want no plugin. It is judged when it is checked, so a refusal fails `preview`.
 * The provider is configured by the stack (`pulumi config set artifact-mirror:credentials …`).
 * To move to the native resource, give that one `aliases: [{ type: "pulumi-nodejs:dynamic/artifact-mirror:MirroredArtifact" }]`.
 */
export class MirroredArtifact extends pulumi.dynamic.Resource {
  /** As declared. */
  declare public readonly source: pulumi.Output<string | undefined>;
  /** As declared. */
  declare public readonly destination: pulumi.Output<string>;
  /** What the destination's tag names. */
  declare public readonly digest: pulumi.Output<string>;
  /** `repository@sha256:…` at the destination; what deployments should use. */
  declare public readonly ref: pulumi.Output<string>;
  /** Media type of the root manifest. */
  declare public readonly mediaType: pulumi.Output<string>;
  /** Size of the root manifest in bytes. */
  declare public readonly size: pulumi.Output<number>;
  /** Artifact type of the root, where it says one. */
  declare public readonly artifactType: pulumi.Output<string | undefined>;
  /** Why this digest was let in. */
  declare public readonly verification: pulumi.Output<
    outputs.Verification | undefined
  >;
  /** The evidence that came along. */
  declare public readonly attached: pulumi.Output<
    outputs.AttachedEvidence | undefined
  >;
  /** What removing the resource will do. */
  declare public readonly onDelete: pulumi.Output<string>;
  /** Version of this state. */
  declare public readonly version: pulumi.Output<number>;

  /**
   * @param name The unique name of the resource.
   * @param args What is to be mirrored, where to, and who must have signed it.
   * @param opts A bag of options that control this resource's behavior.
   */
  constructor(
    name: string,
    args: MirroredArtifactArgs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const outs = {
      digest: undefined,
      onDelete: undefined,
      ref: undefined,
      mediaType: undefined,
      size: undefined,
      artifactType: undefined,
      verification: undefined,
      attached: undefined,
      version: undefined,
    };
    const props = { ...outs, ...args };
    super(host, name, props, opts, "artifact-mirror", "MirroredArtifact");
  }
}

/**
 * Judges an OCI artifact by a policy where it lies, and copies nothing. This form runs in the program itself, configured by the stack,
 * and takes plain values: call it inside `apply` for others. Its answer is not marked secret.
 */
export async function verifyArtifact(
  args: VerifyArtifactArgs,
): Promise<VerifyArtifactResult> {
  const config = new pulumi.Config("artifact-mirror");
  const get = (key: string) => config.get(key.slice(key.indexOf(":") + 1));
  return require("pulumi-artifact-mirror/dynamic/host").verifyArtifact(
    { config: { get } },
    args,
  );
}
