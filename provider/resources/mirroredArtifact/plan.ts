import { parseDigest } from "../../oci/digest";
import {
  hasUnknown,
  unknown,
  unknownNames,
  type Call,
  type Desired,
  type Values,
} from "../../mirror/lifecycle";
import type { Plan } from "../../mirror/plan";
import { examine, type Examined } from "../mirroring/examine";
import { planAt } from "../mirroring/planAt";
import { tellOnce } from "../tellOnce";
import type { World } from "../world";
import { understand, type Intent } from "./intent";
import { candidateOf, requireAge } from "./cooldown";
import { kept } from "./kept";
import { readState, remember, shortened, writeState } from "./state";
import { warningsOf } from "../judging/warnings";
import { planText, signersText } from "../mirroring/words";

/** Inputs without which nothing can be judged. */
const needed = [
  "source",
  "policy",
  "digest",
  "platforms",
  "evidence",
  "minAge",
];

/** A preview: judges what can be judged, counts what would be copied, and writes nothing. */
export async function plan(
  world: World,
  call: Call,
  desired: Desired,
): Promise<Values> {
  const missing = unknownNames(desired.inputs);
  const blocking = missing.filter((name) => needed.includes(name));
  if (blocking.length > 0) return deferred(call, desired, blocking);
  const isPlaceKnown = !missing.includes("destination");
  const intent = understand(withoutUnknown(desired.inputs));
  return kept({ world, call, desired, intent, write: false }, async () => {
    const examined = await examineDesired(world, call, { desired, intent });
    if (!isPlaceKnown) return withoutPlace(call, intent, examined);
    const planned = await planAt(intent, examined, {
      destination: world.stores.open(intent.destination, "destination"),
      call,
      isNew: desired.state === undefined,
      isShown: true,
    });
    tellPlan(call, examined, planned);
    return writeState(
      remember(intent, examined, {
        now: call.reach.now(),
        expected: shortened(planned.expected),
        candidate: candidateOf(world, call, { desired, intent, examined }),
      }),
    );
  });
}

/** Judges the digest that is wanted, and says what requirements that only warn had to say. */
export async function examineDesired(
  world: World,
  call: Call,
  { desired, intent }: { readonly desired: Desired; readonly intent: Intent },
): Promise<Examined> {
  const examined = await examine(world, intent, {
    digest: wantedDigest(desired, intent),
    reach: call.reach,
  });
  await requireAge(examined, { desired, intent, reach: call.reach });
  for (const warning of warningsOf(examined.admitted)) call.tell(warning);
  tellOnce(world, call, examined.warnings);
  return examined;
}

/** The digest that is verified and copied: frozen, checked, or (when Check could not learn it) none. */
function wantedDigest(desired: Desired, intent: Intent): Intent["digest"] {
  const { ignoreChanges, state } = desired;
  if (!ignoreChanges.includes("digest") || !state) return intent.digest;
  const { verification } = readState(state);
  return verification ? parseDigest(verification.digest) : intent.digest;
}

function tellPlan(call: Call, { admitted }: Examined, planned: Plan): void {
  const text = planText(admitted.reference, planned);
  call.tell({
    kind: admitted.policy.unverified === undefined ? "info" : "warning",
    text,
  });
}

function deferred(
  call: Call,
  { inputs }: Desired,
  blocking: readonly string[],
): Values {
  call.tell({
    kind: "warning",
    text: `${blocking.join(", ")} not known yet: the artifact will be judged in up`,
  });
  const { source, destination, digest = unknown } = inputs;
  return {
    source,
    destination,
    digest,
    ref: unknown,
    mediaType: unknown,
    size: unknown,
    verification: unknown,
    attached: unknown,
  };
}

function withoutPlace(
  call: Call,
  intent: Intent,
  { admitted, chosen }: Examined,
): Values {
  const { blobs, manifests, root } = admitted.artifact;
  const amount = `${blobs.length} blobs, ${manifests.length} manifests and ${chosen.length} evidence manifests at the most`;
  call.tell({
    kind: "info",
    text: `${admitted.reference}: ${signersText(admitted)}; would copy ${amount} (the destination is not known yet)`,
  });
  const { digest, mediaType, size } = root.descriptor;
  return {
    source: intent.given.source,
    destination: unknown,
    digest,
    mediaType,
    size,
    ref: unknown,
    attached: unknown,
  };
}

/** A destination that is not known yet is never asked; this only has the shape of one. */
const placeholder = "unknown.invalid/unknown:unknown";

function withoutUnknown(inputs: Values): Values {
  const known = Object.entries(inputs).filter(
    ([, value]) => !hasUnknown(value),
  );
  return {
    destination: placeholder,
    ...Object.fromEntries(known),
  };
}
