import type { ResourceKind } from "./kind";
import { lifecycleOf } from "./lifecycleOf";
import { apply } from "./mirroredArtifact/apply";
import { check } from "./mirroredArtifact/check";
import { importById } from "./mirroredArtifact/importing";
import { inputs } from "./mirroredArtifact/inputs";
import { observe } from "./mirroredArtifact/observe";
import { outputs } from "./mirroredArtifact/outputs";
import { pending } from "./mirroredArtifact/pending";
import { plan } from "./mirroredArtifact/plan";
import { remove } from "./mirroredArtifact/remove";

/** One artifact, admitted into a registry of one's own. */
export const mirroredArtifact: ResourceKind = {
  token: "artifact-mirror:index:MirroredArtifact",
  description:
    "An OCI artifact that is copied, with all its signatures and attestations, from a registry of somebody else into one of yours, if your policy admits it. `preview` judges and shows what would change; `up` verifies, copies, judges the copy where it lies, and moves the tag last.",
  inputs,
  outputs,
  replaceOnChanges: ["destination"],
  madeFrom: {
    source: ["source"],
    destination: ["destination"],
    ref: ["destination"],
    verification: ["policy"],
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
