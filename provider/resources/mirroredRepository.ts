import type { ResourceKind } from "./kind";
import { lifecycleOf } from "./lifecycleOf";
import { apply } from "./mirroredRepository/apply";
import { check } from "./mirroredRepository/check";
import { importById } from "./mirroredRepository/importing";
import { inputs } from "./mirroredRepository/inputs";
import { observe } from "./mirroredRepository/observe";
import { outputs } from "./mirroredRepository/outputs";
import { pending } from "./mirroredRepository/pending";
import { plan } from "./mirroredRepository/plan";
import { remove } from "./mirroredRepository/remove";

/** Tags of a repository, chosen by rules, each admitted by itself into a repository of one's own. */
export const mirroredRepository: ResourceKind = {
  token: "artifact-mirror:index:MirroredRepository",
  description:
    "A repository whose tags are mirrored, as rules choose them, each with all its signatures and attestations and only if your policy admits it. `preview` names every tag that comes, moves, goes or is refused; `up` copies what may come in, also where others are refused.",
  inputs,
  outputs,
  replaceOnChanges: ["destination"],
  madeFrom: {
    source: ["source"],
    destination: ["destination"],
    repository: ["destination"],
    digests: ["digests"],
    verdicts: ["policy"],
    refused: ["policy"],
    policyDigest: ["policy"],
  },
  lifecycle: lifecycleOf({
    check,
    plan,
    pending,
    apply,
    observe,
    importById,
    remove,
  }),
};
