import { discover } from "../../../mirror/discover";
import { MirrorError } from "../../../mirror/errors";
import { walk } from "../../../mirror/graph";
import type { Policy, Reach, Source } from "../../../mirror/ports";
import { judgesOf } from "../../../mirror/toJudge";
import { admit, outcomeOf, verify } from "../../../mirror/verify";
import type { Descriptor } from "../../../oci/descriptor";
import type { PolicyContext } from "../../context";
import { prepareRequirement } from "../prepareRequirement";
import { PluginFailure } from "./failure";
import { askedOfPlugin, type PluginInput } from "./settings";

/** A plugin that its own policy has to let in. */
export interface Case {
  readonly input: PluginInput;
  /** where it stands in the policy: `plugins[0]` */
  readonly name: string;
  readonly context: PolicyContext;
  readonly repository: string;
  readonly from: Source;
  readonly root: Descriptor;
}

/** Judges a plugin as any other artifact is judged. Throws `PLUGIN_REFUSED`; what could not be asked stays a `MirrorError`. */
export async function admitPlugin(asked: Case, reach: Reach): Promise<void> {
  const { from: place, repository, root } = asked;
  const policy = await policyOf(asked);
  const artifact = await walk(place, root, { platforms: [], reach });
  const judges = judgesOf(policy);
  const places = [place] as const;
  const discovered = await discover(artifact, { places, ...judges, reach });
  const reference = `${repository}@${root.digest}`;
  const judged = { place, reference, artifact, discovered, policy };
  const verdicts = await verify(judged, reach);
  try {
    admit(judged, verdicts);
  } catch (error) {
    if (!(error instanceof MirrorError)) throw error;
    throw new PluginFailure("PLUGIN_REFUSED", error.message, {
      cause: error,
      isInconclusive: outcomeOf(policy, verdicts) === "inconclusive",
    });
  }
}

/** The digest is of no use here: the whole is part of the outer policy's. */
async function policyOf({
  input,
  name,
  context,
  repository,
}: Case): Promise<Policy> {
  const { copy: _, ...around } = context;
  const own = { ...around, repository };
  const requirements = await Promise.all(
    askedOfPlugin(input.policy ?? {}).map((asked) =>
      prepareRequirement(asked, own, `${name}.policy.`),
    ),
  );
  return { digest: "", coverage: "root", requirements };
}
