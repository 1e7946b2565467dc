import type { Digest } from "../../oci/digest";
import type { Discovered } from "../../mirror/discover";
import type { EvidenceManifest, Reach, Source } from "../../mirror/ports";
import { select } from "../../mirror/select";
import { admit, type Admitted } from "../../mirror/verify";
import {
  assess,
  assessCopy,
  type AssessedSource,
  type Places,
  type Question,
} from "../judging/assess";
import type { World } from "../world";
import type { Intent } from "./intent";
import { policyOf } from "../judging/sharedPolicy";

/** An artifact that was read at its source and let in. */
export interface Examined {
  readonly source: Source;
  readonly places: Places;
  readonly discovered: Discovered;
  readonly admitted: Admitted;
  /** the evidence to copy */
  readonly chosen: readonly EvidenceManifest[];
}

/** Reads the artifact and its evidence where it comes from, and judges it. Reads only; throws what the policy refuses. */
export async function examine(
  world: World,
  intent: Intent,
  call: { readonly digest?: Digest; readonly reach: Reach },
): Promise<Examined & Pick<AssessedSource, "warnings">> {
  const assessed = await assess(world, questionOf(world, intent), call);
  const admitted = admit(assessed.case, assessed.verdicts);
  const { places, warnings } = assessed;
  const { discovered } = assessed.case;
  const chosen = select(admitted, discovered, intent.evidence);
  return { source: places[0], places, discovered, admitted, chosen, warnings };
}

/** Judges a digest where it lies at the destination, with nothing but what lies there; throws what the policy refuses. */
export async function prove(
  world: World,
  copy: Source,
  wanted: {
    readonly intent: Intent;
    readonly digest: Digest;
    readonly reach: Reach;
  },
): Promise<Admitted> {
  const { intent, digest, reach } = wanted;
  const reference = intent.destination;
  const question = questionOf(world, intent);
  const at = { copy, reference, digest, reach };
  const assessed = await assessCopy(world, question, at);
  return admit(assessed.case, assessed.verdicts);
}

function questionOf(world: World, intent: Intent): Question {
  const { source, sourceName, platforms, evidence, given } = intent;
  return {
    source,
    written: given.source,
    sourceName,
    platforms,
    repositories: evidence.repositories,
    policy: policyOf(world, given.policy),
  };
}
