import { parseDigest } from "../../oci/digest";
import { formatReference } from "../../oci/reference";
import { walk } from "../../mirror/graph";
import type { Call, Values } from "../../mirror/lifecycle";
import type { Reach } from "../../mirror/ports";
import { within } from "../../mirror/reach";
import { resolve } from "../../mirror/resolve";
import { textOf } from "../../mirror/textOf";
import type { Cooling } from "../memory";
import { bornOn, candidateBeside } from "../mirroring/age/standing";
import type { Candidate } from "../mirroring/age/candidateOutput";
import { examine } from "../mirroring/examine";
import { datedBy, requireDate, type Dated } from "../mirroring/age/judgeAge";
import { minAgeInput, type MinAgeInput } from "../mirroring/age/minAgeInput";
import type { World } from "../world";
import { inputs as shape } from "./inputs";
import { understand, type Intent } from "./intent";
import type { Outputs } from "./outputs";
import { admittedOf } from "./state";

/** A look at a source is no more than a look. */
const lookMs = 10_000;

/** Where `memory.cooling` has it. */
export const coolingKey = (source: string, destination: string) =>
  `${source} into ${destination}`;

/** Read's part: what the source names now and is not mirrored, since when it is known, and (asked once) its own date. Check is told by memory. */
export async function lookAtCandidate(
  world: World,
  call: Call,
  seen: { readonly inputs: Values; readonly state: Outputs },
): Promise<Candidate | undefined> {
  const { state } = seen;
  const minAge = minAgeInput.safeParse(seen.inputs.minAge).data;
  if (!minAge || state.source === undefined) return undefined;
  const admitted = admittedOf(state);
  const known = candidateBeside(admitted, {
    named: world.memory.sources.get(state.source)?.digest,
    former: state.candidate,
    by: minAge.by,
    now: call.reach.now(),
  });
  const cooling: Cooling = {
    admitted,
    isNew: known?.digest !== state.candidate?.digest,
    ...(known &&
      (await dated(world, call, { inputs: seen.inputs, minAge, known }))),
  };
  world.memory.cooling.set(
    coolingKey(state.source, state.destination),
    cooling,
  );
  return cooling.candidate;
}

/** The candidate with its date, or why that is not known. */
async function dated(
  world: World,
  call: Call,
  asked: {
    readonly inputs: Values;
    readonly minAge: MinAgeInput;
    readonly known: Candidate;
  },
): Promise<Pick<Cooling, "candidate" | "why">> {
  const { inputs, minAge, known } = asked;
  const { by } = minAge;
  if (by === "firstSeen" || known.bornAt !== undefined)
    return { candidate: known };
  if (!shape.safeParse(inputs).success)
    return { candidate: known, why: "its policy is not known yet" };
  const intent = understand(inputs);
  const reach = within(call.reach, lookMs);
  try {
    const what = { intent, by, digest: known.digest };
    const date = await requireDate(
      minAge,
      await toBeDated(world, reach, what),
      reach,
    );
    return { candidate: bornOn(known, by, date) };
  } catch (error) {
    call.reach.signal.throwIfAborted();
    const [line = ""] = textOf(error).split("\n");
    return { candidate: known, why: line };
  }
}

/** By `signature` the policy's answer is wanted, by `created` only what lies there. */
async function toBeDated(
  world: World,
  reach: Reach,
  asked: {
    readonly intent: Intent;
    readonly by: MinAgeInput["by"];
    readonly digest: string;
  },
): Promise<Dated> {
  const { intent } = asked;
  const digest = parseDigest(asked.digest);
  if (asked.by === "signature")
    return datedBy(await examine(world, intent, { digest, reach }));
  const source = world.stores.open(intent.source, "source");
  const root = await resolve(source, digest, reach);
  const { platforms } = intent;
  const artifact = await walk(source, root, { platforms, reach });
  const reference = formatReference({ ...intent.source, digest });
  return { reference, source, artifact };
}
