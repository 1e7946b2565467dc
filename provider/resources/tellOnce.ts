import type { Call } from "../mirror/lifecycle";
import type { World } from "./world";

/** Warns in each text once a process: what is wrong with one policy is no news of each artifact. */
export function tellOnce(
  { memory }: Pick<World, "memory">,
  call: Pick<Call, "tell">,
  texts: readonly string[],
): void {
  for (const text of texts.filter((one) => memory.isFirstWarning(one))) {
    call.tell({ kind: "warning", text });
  }
}
