import type { Values } from "../../../mirror/lifecycle";
import type { Mapping } from "./reading/given";
import type { Spot } from "./reading/log";

/** An estate in the making, before it has its policy. */
export interface Draft {
  /** settings by host */
  readonly registries: ReadonlyMap<string, Values>;
  readonly policies: ReadonlyMap<string, Values>;
  readonly artifacts: readonly DraftEntry[];
  readonly repositories: readonly DraftEntry[];
  /** what is different here for every entry, in words */
  readonly notes: readonly string[];
}

/** One entry of the estate, and where it stood. */
export interface DraftEntry extends Spot {
  readonly name: string;
  /** as an entry of an estate file says it; without `policy`, the default one is meant */
  readonly values: Values;
}

/** What reads one tool's file. */
export interface Format {
  readonly name: "regsync" | "replicant" | "flux-mirror";
  /** whether a file looks like one */
  isOne(top: Mapping): boolean;
  read(
    top: Mapping,
    environment: Readonly<Record<string, string | undefined>>,
  ): Draft;
}
