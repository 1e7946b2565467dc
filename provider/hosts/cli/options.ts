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
