import type { Call, Desired, Values } from "../../mirror/lifecycle";
import { listClosure } from "../../mirror/observe";
import { listingDigest } from "../../mirror/listing";
import { transfer } from "../../mirror/transfer";
import type { World } from "../world";
import { proveCopy, type Examined } from "./examine";
import { understand, type Intent } from "./intent";
import { kept } from "./kept";
import { examineDesired, planAt } from "./plan";
import { idOf, remember, shortened, writeState } from "./state";
import { progressText } from "./words";

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
      const { reach } = call;
      const examined = await examineDesired(world, call, { desired, intent });
      const { digest } = examined.admitted.artifact.root.descriptor;
      const destination = world.stores.openForWriting(intent.destination);
      const planned = await planAt(intent, examined, {
        destination,
        call,
        isNew: desired.state === undefined,
        isShown: false,
      });
      await transfer(planned, destination, {
        reach,
        prove: () => proveCopy(world, destination, { intent, examined, reach }),
        onProgress: (progress) =>
          call.tell({ kind: "progress", text: progressText(progress) }),
      });
      world.memory.written.add(`${destination.repository}@${digest}`);
      const listedAll = await closureOf(intent, examined, call);
      return writeState(
        remember(intent, examined, {
          now: reach.now(),
          expected: shortened(planned.expected),
          listedAll,
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
