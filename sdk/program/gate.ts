import * as pulumi from "@pulumi/pulumi";
import type { MirroredArtifactArgs } from "../nodejs/mirroredArtifact";
import type { MirroredRepositoryArgs } from "../nodejs/mirroredRepository";
import {
  verifyArtifact,
  type VerifyArtifactArgs,
  type VerifyArtifactResult,
} from "../nodejs/verifyArtifact";

/** How everything is judged. */
export interface GateOptions {
  /** The provider whose configuration counts: the one that the resources are given. */
  readonly provider?: pulumi.ProviderResource;
  /** How many artifacts are judged at a time. Default 16. */
  readonly parallel?: number;
}

/** What is to be judged, by name: the arguments of the resources. Of a MirroredArtifact those that decide are read, the others are passed over; a MirroredRepository shows all of its own refusals itself. */
export type GateArgs = Readonly<
  Record<
    string,
    | (Pick<MirroredArtifactArgs, "source" | "policy"> &
        Partial<MirroredArtifactArgs>)
    | MirroredRepositoryArgs
  >
>;

/** What became of one of them; without an outcome it could not be asked. */
interface Verdict {
  readonly name: string;
  readonly outcome:
    VerifyArtifactResult["outcome"] | "failed" | "unknown" | "repository";
  /** one line */
  readonly text: string;
  /** the whole of a refusal */
  readonly message?: string;
}

const judgedAtOnce = 16;
const isIn = new Set<Verdict["outcome"]>([
  "verified",
  "unverified",
  "unknown",
  "repository",
]);

/**
 * Judges everything that is known before anything is registered: shows every verdict, and throws once, naming every refusal.
 * Call it before the resources are made, in preview and up alike:
 *
 *     await mirror.gate(wanted, { provider });
 *     for (const [name, args] of Object.entries(wanted)) new mirror.MirroredArtifact(name, args, { provider });
 *
 * Each resource is judged again when it is previewed and copied: nothing gets in because of this.
 * What is not known yet is passed over, with a line that says so; ages (`minAge`) are held against by the resources alone.
 *
 * @param wanted The resources' arguments, by name.
 * @param options The resources' provider, and how many are judged at a time.
 */
export async function gate(
  wanted: GateArgs,
  options: GateOptions = {},
): Promise<void> {
  const judge = judgeBy(options);
  const names = Object.keys(wanted);
  const verdicts: Verdict[] = [];
  const waiting = names.entries();
  const work = async (): Promise<void> => {
    for (const [at, name] of waiting) {
      const args = wanted[name];
      if (args) verdicts[at] = await judge(name, args);
    }
  };
  const workers = Math.max(1, options.parallel ?? judgedAtOnce);
  await Promise.all(
    Array.from({ length: Math.min(workers, names.length) }, work),
  );
  await show(verdicts);
}

/** Equal questions, as of one source with several destinations, are asked once. */
function judgeBy({
  provider,
}: GateOptions): (
  name: string,
  args: NonNullable<GateArgs[string]>,
) => Promise<Verdict> {
  const asked = new Map<string, Promise<VerifyArtifactResult>>();
  const ask = (question: VerifyArtifactArgs): Promise<VerifyArtifactResult> => {
    const key = JSON.stringify(question);
    const known = asked.get(key);
    if (known) return known;
    const answer = verifyArtifact(question, provider && { provider });
    asked.set(key, answer);
    return answer;
  };
  return async (name, args) => {
    if ("tags" in args) {
      const text = "a repository, which shows all of its own refusals itself";
      return { name, outcome: "repository", text };
    }
    const { source, policy, digest, platforms, evidence } = args;
    const { isKnown, isSecret, value } = await settled({
      source,
      policy,
      digest,
      platforms,
      evidence,
    });
    if (!isKnown || value === undefined) return notYet(name);
    const { evidence: kept, ...rest } = value;
    const question = { ...rest, repositories: kept?.repositories };
    try {
      const verdict = verdictOf(name, await ask(question));
      return isSecret ? withoutWords(verdict) : verdict;
    } catch (error) {
      const message = ownWords(error);
      const [text = ""] = message.split("\n");
      const failed = { name, outcome: "failed", text, message } as const;
      return isSecret ? withoutWords(failed) : failed;
    }
  };
}

/** Pulumi's own members of an output, which its types keep to themselves. */
interface Settling<Value> {
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  promise(): Promise<Value>;
}

async function settled<Value>(value: Value): Promise<{
  readonly isKnown: boolean;
  readonly isSecret: boolean;
  readonly value: pulumi.Unwrap<Value> | undefined;
}> {
  const output: unknown = pulumi.output(value);
  const settling = output as Settling<pulumi.Unwrap<Value>>;
  const [isKnown, isSecret] = await Promise.all([
    settling.isKnown,
    settling.isSecret,
  ]);
  return {
    isKnown,
    isSecret,
    value: isKnown ? await settling.promise() : undefined,
  };
}

function notYet(name: string): Verdict {
  const text =
    "not known yet, so not judged here: the resource judges it as soon as it is known";
  return { name, outcome: "unknown", text };
}

/** An answer without an outcome is what the engine gives where the provider's configuration is not known yet. */
function verdictOf(name: string, answer: VerifyArtifactResult): Verdict {
  const { outcome, ref, report, message = "" } = answer;
  if (outcome === undefined) return notYet(name);
  if (outcome === "unverified")
    return { name, outcome, text: `NOT VERIFIED: ${report.reason}: ${ref}` };
  if (outcome === "verified") {
    const signers = report.requirements.flatMap(({ signers: all }) =>
      all.map(({ identity, subject, keyId }) => identity ?? subject ?? keyId),
    );
    const by = [...new Set(signers)].slice(0, 3).join(", ");
    return { name, outcome, text: `verified, signed by ${by}: ${ref}` };
  }
  const [text = ""] = message.split("\n");
  return { name, outcome, text, message };
}

/** Without the engine's words about the call. */
function ownWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(
    /^(invocation of \S+ returned an error|Invoke of '\S+' failed): /,
    "",
  );
}

function withoutWords({ name, outcome }: Verdict): Verdict {
  const text = `${outcome} (its arguments are secret, so nothing more is said here)`;
  return { name, outcome, text };
}

/** Everything that comes in on one message, everything that does not on one of its own, and the sum of it thrown. */
async function show(verdicts: readonly Verdict[]): Promise<void> {
  const line = ({ name, text }: Verdict): string => `  ${name}: ${text}`;
  const refused = verdicts.filter(({ outcome }) => !isIn.has(outcome));
  const others = verdicts.filter(({ outcome }) => isIn.has(outcome));
  if (others.length > 0) {
    const head = `gate: nothing against ${others.length} of ${verdicts.length}:`;
    await pulumi.log.info([head, ...others.map(line)].join("\n"));
  }
  if (refused.length === 0) return;
  for (const { name, text, message = text } of refused)
    await pulumi.log.error(`gate: ${name}: ${message}`);
  const count = `${refused.length} of ${verdicts.length} may not come in`;
  throw new pulumi.RunError(
    [`gate: ${count}; nothing was registered:`, ...refused.map(line)].join(
      "\n",
    ),
  );
}
