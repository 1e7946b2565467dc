import { printable } from "../mirror/printable";
import { checkQuestion } from "./checkQuestion";
import { inputs, outputs } from "./getReferrersShape";
import type { FunctionKind } from "./kind";
import { entriesOf } from "./looking/entries";
import { evidenceTree } from "./looking/evidenceTree";
import { gather } from "./looking/gather";

const maxIgnored = 200;

/** Everything that anybody has said about an artifact. */
export const getReferrers: FunctionKind = {
  token: "artifact-mirror:index:getReferrers",
  description:
    "Lists everything that is said about an artifact, to its last leaf: signatures, attestations, SBOMs and whatever else refers to it, to its manifests, or to such evidence; by the referrers API, its fallback tag, cosign's tags, and inside the artifact. With a `policy` it tells who has really signed. Never refuses, and never takes a list that it could not read for an empty one.",
  inputs,
  outputs,
  async ask(world, call, values) {
    const { policy, failures } = await checkQuestion(
      world,
      { inputs, values },
      call.reach,
    );
    if (failures.length > 0) return { failures };
    const asked = inputs.parse({ ...values, policy });
    const gathered = await gather(world, asked, call.reach);
    const { seen, ignored, report } = gathered;
    const referrers = await entriesOf(gathered, call.reach);
    const { digest, mediaType } = seen.artifact.root.descriptor;
    return {
      values: outputs.parse({
        source: asked.source,
        digest,
        ref: seen.ref,
        mediaType,
        outcome: report?.outcome,
        referrers,
        ignored: ignored.slice(0, maxIgnored).map((one) => ({
          ...one,
          reason: printable(one.reason, 500),
        })),
        tree: evidenceTree(seen, referrers),
      }),
    };
  },
};
