import type { Evidence, Inside, Verdict } from "../../../provider/mirror/ports";
import { type PolicyInput } from "../../../provider/verifiers/policy";
import { preparePolicy } from "../../../provider/verifiers/preparePolicy";
import { dsseBundle } from "../../samples/bundleEvidence";
import type { StatementOptions } from "../../samples/legacyEvidence";
import type { Signer } from "../../samples/signers";
import type { SampleDescriptor } from "../../samples/target";
import { subject } from "./judging";
import { bundleLayer, contextOf, evidenceOf, judgedOf, offline } from "./world";

/** A signed statement about the subject, in a bundle. */
export async function stated(
  by: Signer,
  options: StatementOptions,
): Promise<Evidence> {
  return evidenceOf(
    subject,
    bundleLayer(await dsseBundle(subject, by, options)),
  );
}

/** What a requirement has to judge, and when. */
export interface Given {
  readonly evidence?: readonly Evidence[];
  readonly inside?: readonly Inside[];
  readonly now?: Date;
}

/** The first requirement of a policy, over what is given. */
export async function judgeStated(
  policy: PolicyInput,
  { evidence = [], inside = [], now = new Date() }: Given,
): Promise<Verdict> {
  const { requirements } = await preparePolicy(policy, contextOf());
  const [requirement] = requirements;
  if (!requirement) throw new Error("no requirement");
  const reach = { ...offline, now: () => now };
  return requirement.judge(judgedOf(evidence, { inside }), reach);
}

/** A statement as BuildKit puts it into an attestation manifest, about the subject unless told. */
export function bareStatement(
  statement: Partial<{
    _type: unknown;
    subject: unknown;
    predicateType: unknown;
    predicate: unknown;
  }>,
): Evidence {
  const [algorithm = "", hex] = subject.digest.split(":");
  const bytes = Buffer.from(
    JSON.stringify({
      _type: "https://in-toto.io/Statement/v0.1",
      subject: [{ name: "_", digest: { [algorithm]: hex } }],
      ...statement,
    }),
  );
  return evidenceOf(
    subject,
    { mediaType: "application/vnd.in-toto+json", bytes },
    "child",
  );
}

/** The attestation manifest that holds a statement, as something to sign. */
export function manifestOf({ manifest }: Evidence): SampleDescriptor {
  const { digest, size, mediaType } = manifest;
  return { digest, size, mediaType };
}
