import { z } from "zod";
import {
  matchesPredicateType,
  predicateTypeOf,
  problemOfType,
} from "../formats/predicateTypes";
import { refuse } from "../refuse";
import type { RequirementKind } from "./kind";
import { wrongProvenance, type WantedProvenance } from "./provenance/check";
import { provenanceTypes } from "./provenance/read";
import { readSourceUri } from "./provenance/sourceUri";
import { problemOfRange } from "./provenance/version";
import {
  askForStatement,
  bySchema,
  statementWords,
} from "./statementRequirement";
import type { Check } from "./statements";
import { problemsOfWhere } from "./where/where";

const types: readonly string[] = Object.values(provenanceTypes);

/** A text that something else says is wrong, or not. */
function text(problemOf: (value: string) => string | undefined) {
  return z.string().superRefine((value, refinement) => {
    const message = problemOf(value);
    if (message) refuse(refinement, { message });
  });
}

const parametersSchema = z
  .strictObject({
    allow: z
      .array(z.string().min(1))
      .optional()
      .describe(
        "The names of all external parameters that there may be; any other fails. Default: whatever there is.",
      ),
    equals: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        'What parameters must be, by their path: `{ "inputs.release": "true" }`. What is no text is compared as JSON.',
      ),
  })
  .meta({
    id: "ProvenanceParameters",
    description: "What the user of the build may have chosen.",
  });

const provenanceSchema = z
  .strictObject({
    by: bySchema,
    type: text((word) => {
      const isRead = types.includes(predicateTypeOf(word));
      return isRead
        ? undefined
        : (problemOfType(word) ?? `is not one of ${types.join(", ")}`);
    })
      .optional()
      .describe(
        "`slsaprovenance02` or `slsaprovenance1`, or either's URI. Default: either.",
      ),
    builderId: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Who must have built it: `builder.id`, with or without its version behind an `@`. Ids on github.com must be the signer's own.",
      ),
    sourceUri: text((uri) => {
      const source = readSourceUri(uri);
      if (!source)
        return "is not a plain repository: `https://github.com/acme/app`";
      return source.ref === undefined
        ? undefined
        : "must not have a ref: use sourceRef or sourceVersion";
    })
      .optional()
      .describe(
        "The repository that must have been built: `https://github.com/acme/app`. `git+` in front and `.git` behind make no difference.",
      ),
    sourceVersion: text(problemOfRange)
      .optional()
      .describe(
        "The range of versions (semver: `^1.4.0`) in which the tag that was built must lie.",
      ),
    sourceRef: text((ref) =>
      ref.startsWith("refs/")
        ? undefined
        : "must be a whole ref: `refs/heads/main`, `refs/tags/v1.4.2`",
    )
      .optional()
      .describe(
        "The ref that must have been built: `refs/heads/main`. A branch is met by a tag, too, where one of slsa-framework's builders says that it was made from it.",
      ),
    buildTypes: z
      .array(z.string().min(1))
      .min(1)
      .max(20)
      .optional()
      .describe("How it may have been built: `buildType`, any one of these."),
    parameters: parametersSchema
      .optional()
      .describe(
        "What the user of the build may have chosen (`externalParameters`; `invocation.parameters` and the inputs of a workflow in v0.2).",
      ),
    level: z
      .int()
      .min(1)
      .max(3)
      .optional()
      .describe(
        "The SLSA Build level that the builder must be known to reach: 1 whatever is signed, 2 GitHub's hosted runners, 3 slsa-framework's generators and workflows of another repository than the one that was built. Any other builder is 1.",
      ),
    ...statementWords,
  })
  .meta({
    id: "ProvenanceRequirement",
    description: "SLSA provenance about the artifact that there must be.",
  });

const shape = {
  provenance: z
    .array(provenanceSchema)
    .min(1, "asks for nothing: leave it out, or give at least one")
    .max(50)
    .optional()
    .describe("SLSA provenance that there must be, each of them."),
};

/** SLSA provenance by somebody the policy names, of a build as it should be. */
export const provenance: RequirementKind<typeof shape> = {
  shape,
  problems: () => [],
  examine: (policy) => problemsOfWhere("provenance", policy.provenance ?? []),
  ask: (policy) =>
    (policy.provenance ?? []).map((settings, i) => {
      const { by: _, mode: __, type, ...conditions } = settings;
      return askForStatement(settings, {
        path: ["provenance", i],
        what: "SLSA provenance",
        isType: (actual) => isOfType(type, actual),
        conditions: {
          ...conditions,
          type: type === undefined ? undefined : predicateTypeOf(type),
        },
        checks: [provenanceCheck(settings)],
      });
    }),
};

function isOfType(type: string | undefined, actual: string): boolean {
  return type === undefined
    ? types.includes(actual)
    : matchesPredicateType(type, actual);
}

function provenanceCheck(wanted: WantedProvenance): Check {
  return async (piece) => {
    const reason = wrongProvenance(piece, wanted);
    return reason === undefined ? undefined : { code: "POLICY", reason };
  };
}
