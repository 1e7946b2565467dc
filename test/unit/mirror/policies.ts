import type {
  Authority,
  Policy,
  Requirement,
  Verdict,
} from "../../../provider/mirror/ports";
import { vouch } from "../../../provider/mirror/vouch";

/** An authority that reads example evidence and vouches for the layer whose text is the right word. */
export function authority(word = "good", name = "signedBy[0].word"): Authority {
  return {
    name,
    wants: `the word ${word}`,
    reads: ({ mediaType }) => mediaType === "application/vnd.example.evidence",
    authenticate: async (evidence) =>
      Buffer.from(evidence.bytes).toString() === word
        ? vouch({
            evidence,
            authority: name,
            format: "example",
            signer: { keyId: `sha256:${word}` },
            times: [],
          })
        : {
            outcome: "rejected",
            evidence,
            authority: name,
            format: "example",
            code: "IDENTITY_MISMATCH",
            reason: `the word is not ${word}`,
            seen: {
              identity: Buffer.from(evidence.bytes).toString(),
              issuer: "https://issuer.example",
            },
          },
  };
}

export function requirement(
  options: {
    word?: string;
    name?: string;
    blocks?: boolean;
    proves?: boolean;
    validUntil?: Date;
  } = {},
): Requirement {
  const {
    word = "good",
    name = "signedBy",
    blocks = true,
    proves = true,
  } = options;
  const judge = authority(word, `${name}[0].word`);
  return {
    name,
    blocks,
    proves,
    readsInside: false,
    authorities: [judge],
    judge: async ({ evidence }, reach) =>
      answer(
        await Promise.all(
          evidence.map((one) => judge.authenticate(one, reach)),
        ),
        { name, blocks },
      ),
  };
}

function answer(
  answers: readonly Awaited<ReturnType<Authority["authenticate"]>>[],
  { name, blocks }: { name: string; blocks: boolean },
): Verdict {
  const satisfiedBy = answers.filter((one) => one.outcome === "authenticated");
  const looked = answers.flatMap((one) =>
    one.outcome === "authenticated"
      ? []
      : [{ ...one, evidence: one.evidence.layer.digest }],
  );
  const passed = satisfiedBy.length > 0;
  const code = passed ? "OK" : (looked[0]?.code ?? "NO_EVIDENCE");
  return {
    outcome: passed ? "passed" : "failed",
    requirement: name,
    blocks,
    code,
    reason: passed ? "ok" : "nobody said the word",
    satisfiedBy,
    reliedOn: satisfiedBy.map(({ evidence }) => evidence.manifest.digest),
    looked,
  };
}

export function policy(...requirements: Requirement[]): Policy {
  return { digest: "sha256:policy", coverage: "root", requirements };
}

export const unverified: Policy = {
  digest: "sha256:none",
  unverified: "vendor does not sign",
  coverage: "root",
  requirements: [],
};
