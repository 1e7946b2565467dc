import { z } from "zod";
import { refuse } from "../refuse";
import type {
  Authenticated,
  Authority,
  Evidence,
  Looked,
  Reach,
  Requirement,
  Verdict,
} from "../../mirror/ports";
import { authoritySchema } from "../authorities/catalog";
import { claimOf, type Claim } from "../formats/claim";
import {
  matchesPredicateType,
  predicateTypeOf,
  problemOfType,
} from "../formats/predicateTypes";
import type { RequirementKind } from "./kind";
import { isRead, leftOut, look, lookedOf } from "./look";
import { failure, passed, type Judgement } from "./verdict";

const attestationSchema = z
  .strictObject({
    type: z
      .string()
      .superRefine((word, refinement) => {
        const message = problemOfType(word);
        if (message) refuse(refinement, { message });
      })
      .describe(
        "What kind of statement: one of cosign's names (`spdxjson`, `cyclonedx`, `slsaprovenance1`, `vuln`, `openvex`, …) or a predicate type's URI.",
      ),
    by: z
      .array(authoritySchema)
      .min(1, "names nobody: give at least one authority")
      .max(20)
      .describe("Who must have made it: any one of these."),
    mode: z
      .enum(["enforce", "warn"])
      .optional()
      .describe(
        "`warn` only shows that it is missing; something else must block then. Default: `enforce`.",
      ),
  })
  .meta({
    id: "AttestationRequirement",
    description: "An attestation about the artifact that there must be.",
  });

const shape = {
  attestations: z
    .array(attestationSchema)
    .min(1, "asks for nothing: leave it out, or give at least one")
    .max(50)
    .optional()
    .describe("Attestations that there must be, each of them."),
};

/** A signed statement of a type, about this artifact. */
export const attestation: RequirementKind<typeof shape> = {
  shape,
  problems: () => [],
  ask: ({ attestations = [] }) =>
    attestations.map(({ type, by, mode = "enforce" }, i) => {
      const name = `attestations[${i}]`;
      const blocks = mode === "enforce";
      return {
        name,
        blocks,
        proves: true,
        by: by.map((input, k) => ({
          path: ["attestations", i, "by", k],
          input,
        })),
        conditions: { type: predicateTypeOf(type) },
        make: (authorities): Requirement => ({
          name,
          blocks,
          proves: true,
          readsInside: false,
          authorities,
          judge: ({ evidence }, reach) =>
            judge({ evidence, authorities, type, name, blocks }, reach),
        }),
      };
    }),
};

interface Case {
  readonly evidence: readonly Evidence[];
  readonly authorities: readonly Authority[];
  readonly type: string;
  readonly name: string;
  readonly blocks: boolean;
}

async function judge(asked: Case, reach: Reach): Promise<Verdict> {
  const { authorities, type } = asked;
  const claims = asked.evidence
    .filter((piece) =>
      authorities.some((authority) => isRead(piece, authority)),
    )
    .map((piece) => ({ piece, claim: claimOf(piece) }))
    .filter(({ claim }) => claim.kind !== "signature");
  const candidates = claims.filter(({ claim }) => mayBe(type, claim));
  const sight = await look(
    candidates.map(({ piece }) => piece),
    authorities,
    reach,
  );
  const others = claims.filter(({ claim }) => !mayBe(type, claim));
  const isWanted = ({ statement }: Authenticated): boolean =>
    statement !== undefined &&
    matchesPredicateType(type, statement.predicateType);
  const judgement: Judgement = {
    requirement: asked.name,
    blocks: asked.blocks,
    satisfiedBy: sight.authenticated.filter(isWanted),
    rejected: sight.rejected,
    looked: [
      ...sight.rejected.map(lookedOf),
      ...others.map(({ piece, claim }) => otherType(piece, claim)),
    ],
  };
  if (judgement.satisfiedBy.length > 0) return passed(judgement);
  return failure(judgement, {
    missing: {
      code: claims.length > 0 ? "PREDICATE_MISSING" : "NO_EVIDENCE",
      reason: `no attestation of type ${predicateTypeOf(type)} was found`,
    },
  });
}

/** An opaque piece may be anything: its authority will say. */
function mayBe(type: string, claim: Claim): boolean {
  if (claim.kind === "opaque") return true;
  return (
    claim.kind === "attestation" &&
    matchesPredicateType(type, claim.predicateType)
  );
}

function otherType(piece: Evidence, claim: Claim): Looked {
  const type = claim.kind === "attestation" ? claim.predicateType : "";
  return leftOut(piece, {
    code: "OTHER_PREDICATE",
    reason: `an attestation of another type (${type})`,
  });
}
