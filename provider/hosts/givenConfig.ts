import type { MarkedValues } from "./marked";

/** What `pulumi.dynamic` hands to `configure`. */
export interface ConfigureRequest {
  readonly config: {
    get(key: string): string | undefined;
    /** everything that is configured, by whole keys, where Pulumi shows it */
    readonly rawConfig?: unknown;
  };
}

const prefix = "artifact-mirror:";

/** The stack's configuration for us, what we do not know included: it is refused like everywhere. */
export function givenConfig(
  config: ConfigureRequest["config"],
  known: readonly string[],
): MarkedValues {
  const names = new Set([...known, ...namesIn(config.rawConfig)]);
  const given = [...names].map(
    (name) => [name, config.get(`${prefix}${name}`)] as const,
  );
  return Object.fromEntries(given);
}

function namesIn(rawConfig: unknown): readonly string[] {
  if (typeof rawConfig !== "object" || rawConfig === null) return [];
  return Object.keys(rawConfig)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}
