import { MirrorError } from "../mirror/errors";
import type { Call, Values } from "../mirror/lifecycle";
import { admit, outcomeOf, type Admitted } from "../mirror/verify";
import { parseReference, repositoryOf } from "../oci/reference";
import { assess, type AssessedSource } from "../resources/judging/assess";
import { warningsOf } from "../resources/judging/warnings";
import { reportOf } from "../resources/judging/report";
import { tellOnce } from "../resources/tellOnce";
import type { World } from "../resources/world";
import { checkQuestion } from "./checkQuestion";
import type { FunctionKind } from "./kind";
import { questionOf } from "./questionOf";
import { inputs, outputs, type Inputs } from "./verifyArtifactShape";

/** The judgement of a MirroredArtifact, without copying anything. */
export const verifyArtifact: FunctionKind = {
  token: "artifact-mirror:index:verifyArtifact",
  description:
    "Judges an OCI artifact by a policy where it lies, exactly as a MirroredArtifact would, and copies nothing. Answers the report; with `enforce` a refusal fails the call, in preview too.",
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
    const assessed = await judge(world, call, asked);
    const { admitted, refused } = attempt(assessed);
    if (refused && asked.enforce === true) throw refused;
    tellOnce(world, call, assessed.warnings);
    if (admitted) tellOf(call, admitted);
    return { values: answerOf(call, { asked, assessed, refused }) };
  },
};

/** What only warns, with the artifact it is about: there is no resource's row that names it. */
function tellOf(call: Call, admitted: Admitted): void {
  for (const warning of warningsOf(admitted))
    call.tell({ ...warning, text: `${admitted.reference}: ${warning.text}` });
}

function judge(
  world: World,
  { reach }: Call,
  asked: Inputs,
): Promise<AssessedSource> {
  const { question, digest } = questionOf(world, asked);
  return assess(world, question, { digest, reach });
}

/** Let in, or the refusal; the same door as before a copy. */
function attempt({ case: judged, verdicts }: AssessedSource): {
  readonly admitted?: Admitted;
  readonly refused?: MirrorError;
} {
  try {
    return { admitted: admit(judged, verdicts) };
  } catch (error) {
    if (error instanceof MirrorError && error.fault === "refused")
      return { refused: error };
    throw error;
  }
}

function answerOf(
  { reach }: Call,
  answer: {
    readonly asked: Inputs;
    readonly assessed: AssessedSource;
    readonly refused: MirrorError | undefined;
  },
): Values {
  const { asked, assessed, refused } = answer;
  const { verdicts, case: judged } = assessed;
  const { artifact, policy, discovered } = judged;
  const { digest, mediaType } = artifact.root.descriptor;
  const { ignored } = discovered;
  return outputs.parse({
    source: asked.source,
    digest,
    ref: `${repositoryOf(parseReference(asked.source))}@${digest}`,
    mediaType,
    outcome: outcomeOf(policy, verdicts),
    report: reportOf({ artifact, policy, verdicts, ignored }, reach.now()),
    message: refused?.message,
  });
}
