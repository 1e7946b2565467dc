import { z } from "zod";
import {
  matchesPredicateType,
  predicateTypeOf,
  problemOfType,
} from "../formats/predicateTypes";
import { refuse } from "../refuse";
import type { RequirementKind } from "./kind";
import {
  askForStatement,
  bySchema,
  statementWords,
} from "./statementRequirement";
import { problemsOfWhere } from "./where/where";

const attestationSchema = z
  .strictObject({
    type: z
      .string()
      .superRefine((word, refinement) => {
        const message = problemOfType(word);
        if (message) refuse(refinement, { message });
      })
      .describe(
        "What kind of statement: one of cosign's names (`spdxjson`, `cyclonedx`, `slsaprovenance1`, `vuln`, `openvex`, `vsa`, `test-result`, `link`, …) or a predicate type's URI.",
      ),
    by: bySchema,
    ...statementWords,
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

/** A signed statement of a type, about this artifact, that says what it must. */
export const attestation: RequirementKind<typeof shape> = {
  shape,
  problems: () => [],
  examine: ({ attestations = [] }) =>
    problemsOfWhere("attestations", attestations),
  ask: ({ attestations = [] }) =>
    attestations.map((settings, i) => {
      const type = predicateTypeOf(settings.type);
      return askForStatement(settings, {
        path: ["attestations", i],
        what: `attestation of type ${type}`,
        isType: (actual) => matchesPredicateType(settings.type, actual),
        conditions: { type },
        checks: [],
      });
    }),
};
