import type { Option } from "./command";

type Options = Readonly<Record<string, Option>>;

/** The options of every command that asks registries. */
export const worldOptions = {
  config: {
    value: "FILE",
    says: "the provider's configuration: YAML or JSON as under artifact-mirror:, or a stack file (Pulumi.prod.yaml)",
  },
  "plain-http": {
    value: "HOST",
    repeated: true,
    says: "speak HTTP instead of HTTPS to this host",
  },
} as const satisfies Options;

/** The option of every command that has an answer for programs. */
export const jsonOption = {
  json: { says: "the whole answer as JSON" },
} as const satisfies Options;

/** The options of every command that looks at evidence. */
export const evidenceOptions = {
  policy: {
    value: "FILE",
    says: "the policy as in a resource's `policy`, as YAML or JSON",
  },
  use: { value: "NAME", says: "a shared policy of --config, by its name" },
  digest: { value: "DIGEST", says: "this digest, whatever the tag names now" },
  platform: {
    value: "OS/ARCH",
    repeated: true,
    says: "only this child of an index",
  },
  repository: {
    value: "REPOSITORY",
    repeated: true,
    says: "a further repository in which evidence is kept",
  },
} as const satisfies Options;
