import type { Call, Desired, Values } from "../../mirror/lifecycle";
import { listClosure } from "../../mirror/observe";
import { listingDigest } from "../../mirror/listing";
import { copy } from "../mirroring/copy";
import type { Examined } from "../mirroring/examine";
import type { World } from "../world";
import { candidateOf } from "./cooldown";
import { understand, type Intent } from "./intent";
import { kept } from "./kept";
import { examineDesired } from "./plan";
import { idOf, remember, shortened, writeState } from "./state";

/** Verifies and copies one digest, judges the copy where it lies, and only then moves the tag. */
export async function apply(
  world: World,
  call: Call,
  desired: Desired,
): Promise<{ id: string; state: Values }> {
  const intent = understand(desired.inputs);
  const state = await kept(
    { world, call, desired, intent, write: true },
    async () => {
      const examined = await examineDesired(world, call, { desired, intent });
      const isNew = desired.state === undefined;
      const planned = await copy({ world, call }, intent, { examined, isNew });
      const listedAll = await closureOf(intent, examined, call);
      return writeState(
        remember(intent, examined, {
          now: call.reach.now(),
          expected: shortened(planned.expected),
          listedAll,
          candidate: candidateOf(world, call, {
            desired,
            intent,
            examined,
          }),
        }),
      );
    },
  );
  return { id: idOf(intent), state };
}

async function closureOf(
  intent: Intent,
  { admitted, places }: Examined,
  call: Call,
): Promise<string | undefined> {
  if (intent.evidence.watch !== "all") return undefined;
  const nodes = admitted.artifact.manifests.map(
    ({ descriptor }) => descriptor.digest,
  );
  return listingDigest(await listClosure(places, nodes, call.reach));
}
