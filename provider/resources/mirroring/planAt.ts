import type { Call } from "../../mirror/lifecycle";
import {
  plan as planTransfer,
  type Plan,
  type Wanted,
} from "../../mirror/plan";
import type { Source } from "../../mirror/ports";
import type { Examined } from "./examine";
import type { Wish } from "./wish";

/** Asks the destination what it lacks, and says so where it may refuse an index without all its children. */
export async function planAt(
  wish: Wish,
  examined: Examined,
  {
    destination,
    call,
    ...how
  }: { readonly destination: Source; readonly call: Call } & Pick<
    Wanted,
    "isNew" | "isShown"
  >,
): Promise<Plan> {
  const wanted = {
    admitted: examined.admitted,
    source: examined.source,
    evidence: examined.chosen,
    tag: wish.destination.tag,
    ...how,
  };
  const planned = await planTransfer(wanted, destination, call.reach);
  if (planned.sparse.length > 0 && destination.sparseIndex === "unknown") {
    call.tell({
      kind: "warning",
      text: `${planned.sparse.length} children of the index stay behind (platforms); whether ${destination.repository} takes such an index is not known, and if it refuses, the tag stays untouched`,
    });
  }
  return planned;
}
