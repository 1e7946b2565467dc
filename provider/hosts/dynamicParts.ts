import type { Answer } from "../functions/kind";
import type { Call, Failure, Lifecycle, Values } from "../mirror/lifecycle";
import type { Send } from "../mirror/ports";
import type { MarkedValues } from "./marked";

/** What `pulumi.dynamic` hands to `configure`. */
export interface ConfigureRequest {
  readonly config: {
    get(key: string): string | undefined;
    /** everything that is configured, by whole keys, where Pulumi shows it */
    readonly rawConfig?: unknown;
  };
}

/** What the dynamic host is made of. */
export interface DynamicParts {
  /** names that stack configuration may set under `artifact-mirror:` */
  readonly configNames: readonly string[];
  check(config: Values): readonly Failure[];
  open(config: Values): {
    readonly lifecycle: Lifecycle;
    readonly send: Send;
    /** a function's answer, or what is wrong with its arguments */
    ask(call: Call, args: Values): Promise<Answer>;
  };
  /** where infos and warnings go: this protocol has no log */
  readonly print: (text: string) => void;
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
