import { z } from "zod";
import { refuse } from "../refuse";
import type { Requirement } from "../../mirror/ports";
import { authoritySchema } from "../authorities/catalog";
import {
  matchesPredicateType,
  predicateTypeOf,
  problemOfType,
} from "../formats/predicateTypes";
import { maxAgeSchema } from "./age";
import type { RequirementKind } from "./kind";
import { judgeStatements, matchSchema } from "./statements";
import { problemsOfWhere, whereCheck, whereSchema } from "./where/where";

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
    by: z
      .array(authoritySchema)
      .min(1, "names nobody: give at least one authority")
      .max(20)
      .describe(
        "Who must have made it: any one of these. A statement inside the artifact, as BuildKit writes it, is made by whoever signed what contains it.",
      ),
    maxAge: maxAgeSchema,
    match: matchSchema,
    where: whereSchema,
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

/** A signed statement of a type, about this artifact, that says what it must. */
export const attestation: RequirementKind<typeof shape> = {
  shape,
  problems: () => [],
  examine: ({ attestations = [] }) =>
    problemsOfWhere("attestations", attestations),
  ask: ({ attestations = [] }) =>
    attestations.map((settings, i) => {
      const { type, by, mode = "enforce", maxAge, match = "any" } = settings;
      const { where } = settings;
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
        conditions: { type: predicateTypeOf(type), maxAge, match, where },
        make: (authorities): Requirement => ({
          name,
          blocks,
          proves: true,
          readsInside: true,
          needsAll: match !== "any",
          authorities,
          judge: (judged, reach) =>
            judgeStatements(
              {
                name,
                blocks,
                authorities,
                what: `attestation of type ${predicateTypeOf(type)}`,
                isType: (actual) => matchesPredicateType(type, actual),
                match,
                maxAge,
                checks: where === undefined ? [] : [whereCheck(where)],
              },
              judged,
              reach,
            ),
        }),
      };
    }),
};
