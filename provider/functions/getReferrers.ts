import type { Call, Failure, Values } from "../mirror/lifecycle";
import { printable } from "../mirror/printable";
import { pinnedPolicy } from "../resources/judging/pinnedPolicy";
import { questionFailures } from "../resources/judging/questionFailures";
import type { World } from "../resources/world";
import { argumentFailures } from "./argumentFailures";
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
    const { policy, failures } = await check(world, call, values);
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

/** What is wrong with the arguments; the policy, if any, with its files read. */
async function check(
  world: World,
  call: Call,
  values: Values,
): Promise<{
  readonly policy?: Values[string];
  readonly failures: readonly Failure[];
}> {
  const failures = argumentFailures(inputs, values);
  if (failures.length === 0)
    failures.push(...questionFailures(world, values, "repositories"));
  const { policy } = values;
  if (failures.length > 0 || policy === undefined) return { failures };
  return pinnedPolicy(world, policy, call.reach);
}
