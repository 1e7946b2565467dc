import type { Command } from "../command";
import { misunderstood } from "../exit";
import { evidenceOptions, jsonOption, worldOptions } from "../options";

/** Judges an artifact by a policy: `verifyArtifact`. */
export const verify: Command = {
  word: "verify",
  summary: "judge an artifact by a policy, as a MirroredArtifact would",
  words: ["REFERENCE"],
  options: { ...evidenceOptions, ...worldOptions, ...jsonOption },
  help: `Prints each requirement's answer: yes and by whom, no and why; then what to do. Nothing is copied.
Exit code 0 says verified (or that the policy verifies nothing, on purpose), 3 refused, 4 inconclusive.

Example:
  npx pulumi-artifact-mirror verify ghcr.io/acme/app:1.4.2 --policy policy.yaml

  # policy.yaml
  signedBy:
    - keyless:
        issuer: https://token.actions.githubusercontent.com
        identityPattern: https://github.com/acme/app/.*`,
  async run(asked, terminal) {
    const { withWorld } = await import("../withWorld.ts");
    const { verifyArtifact } =
      await import("../../../functions/verifyArtifact.ts");
    const { evidenceOf } = await import("../arguments/lookedFor.ts");
    const { policyFrom } = await import("../arguments/policyFrom.ts");
    const { exitFor, reportText } = await import("../print/reportText.ts");
    return withWorld(asked, terminal, async ({ ask, show }) => {
      const policy = await policyFrom(asked, terminal);
      if (policy === undefined) throw unnamed();
      const answer = await ask(verifyArtifact, {
        ...evidenceOf(asked),
        policy,
      });
      show(answer, reportText);
      return exitFor(answer);
    });
  },
};

function unnamed() {
  return misunderstood({
    what: "could not understand the command line of verify",
    why: "it names no policy, and there is none that lets anything in by default",
    remedy: "say who must have signed by --policy FILE, or by --use NAME",
  });
}
