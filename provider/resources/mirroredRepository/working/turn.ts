import type { Call, Desired } from "../../../mirror/lifecycle";
import type { World } from "../../world";
import { understand, type Intent } from "../intent";
import type { Candidate } from "../../mirroring/age/candidateOutput";
import type { Outputs, TagRefusal, TagVerdict } from "../outputs";
import { readState } from "../state";

/** One resource's call, what it wants and what is remembered, and whether it may write. */
export interface Turn {
  readonly world: World;
  readonly call: Call;
  readonly desired: Desired;
  readonly intent: Intent;
  /** absent for a new resource */
  readonly state: Outputs | undefined;
  readonly remembered: Remembered;
  readonly write: boolean;
}

/** What state holds, by tag at the destination: a tag may be called like a member of every object. */
export interface Remembered {
  readonly digests: ReadonlyMap<string, string>;
  readonly verdicts: ReadonlyMap<string, TagVerdict>;
  readonly refused: ReadonlyMap<string, TagRefusal>;
  readonly candidates: ReadonlyMap<string, Candidate>;
  readonly pending: ReadonlyMap<string, string>;
}

/** Reads what is wanted and what is remembered. */
export function turnOf(
  { world, call, write }: Pick<Turn, "world" | "call" | "write">,
  desired: Desired,
): Turn {
  const intent = understand(desired.inputs);
  const state = desired.state && readState(desired.state);
  const remembered = {
    digests: mapOf(state?.digests),
    verdicts: mapOf(state?.verdicts),
    refused: mapOf(state?.refused),
    candidates: mapOf(state?.candidates),
    pending: mapOf(state?.pending),
  };
  return { world, call, desired, intent, state, remembered, write };
}

function mapOf<Value>(
  record: Readonly<Record<string, Value>> = {},
): ReadonlyMap<string, Value> {
  return new Map(Object.entries(record));
}
