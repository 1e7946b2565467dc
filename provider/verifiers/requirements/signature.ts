import { z } from "zod";
import type {
  Authenticated,
  Authority,
  Evidence,
  Looked,
  Reach,
  Requirement,
  Verdict,
} from "../../mirror/ports";
import { authoritySchema, canonicalAuthority } from "../authorities/catalog";
import type { Problem } from "../problem";
import { canonicalJson } from "../canonicalJson";
import { distinctAuthorities } from "./distinct";
import type { RequirementKind, Words } from "./kind";
import { claimsOf, foundWanting, leftOut, look, lookedOf } from "./look";
import { failure, passed, type Judgement } from "./verdict";

const name = "signedBy";

const shape = {
  signedBy: z
    .array(authoritySchema)
    .min(1, "names nobody: give at least one authority")
    .max(20)
    .optional()
    .describe(
      "Who must have signed: any one of these, or as many as `threshold` says. An attestation is not a signature.",
    ),
  threshold: z
    .int()
    .min(1, "must be at least 1")
    .optional()
    .describe(
      "How many distinct authorities of `signedBy` must have signed. Default: 1.",
    ),
  signedByMode: z
    .enum(["enforce", "warn"])
    .optional()
    .describe(
      "`warn` only shows a missing signature; something else must block then. Default: `enforce`.",
    ),
};

/** A plain signature by somebody the policy names. */
export const signature: RequirementKind<typeof shape> = {
  shape,
  problems,
  ask: ({ signedBy, threshold = 1, signedByMode = "enforce" }) =>
    signedBy
      ? [
          {
            name,
            blocks: signedByMode === "enforce",
            proves: true,
            by: signedBy.map((input, i) => ({ path: [name, i], input })),
            conditions: { threshold },
            make: (authorities) =>
              signatureRequirement(authorities, {
                threshold,
                blocks: signedByMode === "enforce",
              }),
          },
        ]
      : [],
};

function problems({
  signedBy,
  threshold,
  signedByMode,
}: Words<typeof shape>): readonly Problem[] {
  if (!signedBy) {
    const alone = { threshold, signedByMode };
    return Object.entries(alone)
      .filter(([, value]) => value !== undefined)
      .map(([word]) => ({ path: [word], reason: "goes only with signedBy" }));
  }
  if (threshold !== undefined && threshold > signedBy.length) {
    const reason = `is ${threshold}, but signedBy names only ${signedBy.length}: it could never be met`;
    return [{ path: ["threshold"], reason }];
  }
  const texts = signedBy.map((input) =>
    canonicalJson(canonicalAuthority(input)),
  );
  return texts.flatMap((text, i) => {
    const first = texts.indexOf(text);
    const reason = `is the same as ${name}[${first}]: an authority counts once`;
    return first < i ? [{ path: [name, i], reason }] : [];
  });
}

interface Terms {
  readonly threshold: number;
  readonly blocks: boolean;
}

function signatureRequirement(
  authorities: readonly Authority[],
  terms: Terms,
): Requirement {
  const { blocks } = terms;
  return {
    name,
    blocks,
    proves: true,
    readsInside: false,
    authorities,
    judge: ({ evidence }, reach) =>
      judge({ evidence, authorities, terms }, reach),
  };
}

interface Case {
  readonly evidence: readonly Evidence[];
  readonly authorities: readonly Authority[];
  readonly terms: Terms;
}

async function judge(
  { evidence, authorities, terms }: Case,
  reach: Reach,
): Promise<Verdict> {
  const claims = await claimsOf(evidence, authorities);
  const candidates = claims
    .filter(({ claim }) => claim.kind !== "attestation")
    .map(({ piece }) => piece);
  const sight = await look(candidates, authorities, reach);
  const signed = sight.authenticated.filter(isSignature);
  const attested = sight.authenticated.filter((piece) => !isSignature(piece));
  const judgement: Judgement = {
    requirement: name,
    blocks: terms.blocks,
    satisfiedBy: signed,
    rejected: sight.rejected,
    looked: [
      ...sight.rejected.map(lookedOf),
      ...claims.flatMap(({ piece, claim }): Looked[] =>
        claim.kind === "attestation"
          ? [leftOut(piece, notASignature(claim.predicateType))]
          : [],
      ),
      ...attested.map((piece) =>
        foundWanting(
          piece,
          notASignature(piece.statement?.predicateType ?? ""),
        ),
      ),
    ],
  };
  const count = distinctAuthorities(signed);
  if (count >= terms.threshold) return passed(judgement);
  return failure(judgement, {
    missing: { code: "NO_EVIDENCE", reason: "no signature was found" },
    ...(count > 0 && {
      short: `${count} of the ${terms.threshold} authorities needed have signed`,
    }),
  });
}

/** An attestation by the right signer is still no signature (T22). */
function isSignature({ statement }: Authenticated): boolean {
  return statement === undefined;
}

function notASignature(type: string): Pick<Looked, "code" | "reason"> {
  return {
    code: "NOT_A_SIGNATURE",
    reason: `an attestation (${type}), which is not a signature`,
  };
}
