import { parseReference, repositoryOf } from "../../../oci/reference";
import { defined } from "../../../oci/json";
import { durationMs } from "../../../mirror/duration";
import type { Reach } from "../../../mirror/ports";
import { cacheFolder } from "../../cacheFolder";
import type { PolicyContext } from "../../context";
import { answerOf, type Answer } from "./answer";
import { findExecutable } from "./artifact";
import { runPlugin } from "./process";
import type { PluginInput } from "./settings";
import { shelve, type Shelved } from "./shelf";

/** What a plugin is asked about. */
export interface Question {
  /** the subject as the plugin reads it: `127.0.0.1:port/…@sha256:…` */
  readonly subject: string;
  /** how it reads the subject, and what it is to judge: `storeConfig` and `referenceDesc` of the protocol */
  readonly storeConfig: unknown;
  readonly referenceDesc: unknown;
}

/** A verifier plugin that can be asked. */
export interface Plugin {
  /** as the report names it: `plugins[0]` */
  readonly name: string;
  /** as its configuration names it: `licensechecker` */
  readonly title: string;
  readonly nestedReferences: readonly string[];
  /** whether it judges referrers of this artifact type */
  judges(artifactType: string): boolean;
  /** Runs it once, from bytes checked just before. Throws a `PluginFailure` or a `MirrorError`. */
  ask(question: Question, reach: Reach): Promise<Answer>;
}

/** A plugin as its place in a policy says it; it is fetched when it is first asked. */
export function pluginAt(
  index: number,
  input: PluginInput,
  context: PolicyContext,
): Plugin {
  const { timeout = "30s", version = "1.0.0", nestedReferences = [] } = input;
  const name = `plugins[${index}]`;
  const title = titleOf(input);
  const config = configOf(input, title);
  let brought: Promise<Shelved> | undefined;
  const bring = async (reach: Reach) => {
    const executable = await findExecutable({ input, name, context }, reach);
    return shelve(executable, cacheFolder("plugins"), reach);
  };
  return {
    name,
    title,
    nestedReferences,
    judges: (type) =>
      input.artifactTypes.some((wanted) => wanted === "*" || wanted === type),
    ask: async ({ subject, storeConfig, referenceDesc }, reach) => {
      const executable = await (brought ??= bring(reach));
      const ended = await runPlugin(
        {
          executable,
          environment: {
            RATIFY_VERIFIER_COMMAND: "VERIFY",
            RATIFY_VERIFIER_VERSION: version,
            RATIFY_VERIFIER_SUBJECT: subject,
          },
          input: JSON.stringify({ config, storeConfig, referenceDesc }),
          timeoutMs: durationMs(timeout),
        },
        reach,
      );
      return answerOf(ended);
    },
  };
}

function titleOf({ name, artifact }: PluginInput): string {
  const repository = repositoryOf(parseReference(artifact));
  return name ?? repository.split("/").at(-1) ?? repository;
}

/** The verifier's configuration, as Ratify hands it over: lists are texts with commas. */
function configOf(input: PluginInput, title: string): unknown {
  return defined({
    ...input.config,
    name: title,
    type: input.type,
    artifactTypes: input.artifactTypes.join(","),
    nestedReferences: input.nestedReferences?.join(","),
  });
}
