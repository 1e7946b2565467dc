import type { Message } from "../../mirror/lifecycle";
import { printable } from "../../mirror/printable";
import type { Admitted } from "../../mirror/verify";

const maxReason = 500;

/** What requirements that only warn had to say. */
export function warningsOf({ verdicts }: Admitted): Message[] {
  return verdicts
    .filter(({ blocks, outcome }) => !blocks && outcome !== "passed")
    .map(({ requirement, reason, code }) => ({
      kind: "warning",
      text: `${requirement} is not met, and does not block: ${printable(reason, maxReason)} (${code})`,
    }));
}
