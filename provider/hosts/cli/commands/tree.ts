import type { Command } from "../command";
import { exit } from "../exit";
import { evidenceOptions, jsonOption, worldOptions } from "../options";

/** Draws everything that is said about an artifact: `getReferrers`. */
export const tree: Command = {
  word: "tree",
  summary:
    "draw everything that is said about an artifact: signatures, attestations, SBOMs, and what hangs on those",
  words: ["REFERENCE"],
  options: { ...evidenceOptions, ...worldOptions, ...jsonOption },
  help: `Without a policy nobody's signature is verified: whoever may push can write what a signature claims, and the
tree says "unproven". With one it says who has really signed. It shows, and judges nothing: the exit code is 0
whatever the policy says. verify is the command that judges.

Example:
  npx pulumi-artifact-mirror tree ghcr.io/acme/app:1.4.2 --policy policy.yaml`,
  async run(asked, terminal) {
    const { withWorld } = await import("../withWorld.ts");
    const { getReferrers } = await import("../../../functions/getReferrers.ts");
    const { evidenceOf } = await import("../arguments/lookedFor.ts");
    const { policyFrom } = await import("../arguments/policyFrom.ts");
    const { treeText } = await import("../print/treeText.ts");
    return withWorld(asked, terminal, async ({ ask, show }) => {
      const policy = await policyFrom(asked, terminal);
      const args = { ...evidenceOf(asked), ...(policy && { policy }) };
      show(await ask(getReferrers, args), treeText);
      return exit.done;
    });
  },
};
