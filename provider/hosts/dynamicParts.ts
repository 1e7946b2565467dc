import type { Answer } from "../functions/kind";
import type { Call, Failure, Lifecycle, Values } from "../mirror/lifecycle";
import type { Send } from "../mirror/ports";

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
