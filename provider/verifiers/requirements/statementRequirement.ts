import { z } from "zod";
import { authoritySchema, type AuthorityInput } from "../authorities/catalog";
import { propertyPath } from "../propertyPath";
import { maxAgeSchema } from "./age";
import type { Asked } from "./kind";
import {
  judgeStatements,
  matchSchema,
  type Check,
  type Wanted,
} from "./statements";
import { whereCheck, whereSchema } from "./where/where";

/** The word `by`. */
export const bySchema = z
  .array(authoritySchema)
  .min(1, "names nobody: give at least one authority")
  .max(20)
  .describe(
    "Who must have made it: any one of these. A statement inside the artifact, as BuildKit writes it, is made by whoever signed what contains it.",
  );

/** The words that every requirement of a statement has besides. */
export const statementWords = {
  maxAge: maxAgeSchema,
  match: matchSchema,
  where: whereSchema,
  mode: z
    .enum(["enforce", "warn"])
    .optional()
    .describe(
      "`warn` only shows that it is missing; something else must block then. Default: `enforce`.",
    ),
};

/** What these words hold. */
export interface StatementSettings {
  readonly by: readonly AuthorityInput[];
  readonly maxAge?: string | undefined;
  readonly match?: Wanted["match"];
  readonly where?: string | undefined;
  readonly mode?: "enforce" | "warn" | undefined;
}

/** What a kind of statement asks for besides. */
export interface StatementTerms extends Pick<Wanted, "what" | "isType"> {
  /** where it stands in the policy: `["attestations", 0]` */
  readonly path: readonly [word: string, index: number];
  /** as plain data for the policy's digest */
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly checks: readonly Check[];
}

/** A requirement that somebody has made a statement, and that it is as wanted. */
export function askForStatement(
  settings: StatementSettings,
  { path, what, isType, conditions, checks }: StatementTerms,
): Asked {
  const { by, maxAge, match = "any", where, mode = "enforce" } = settings;
  const base = {
    name: propertyPath(path),
    blocks: mode === "enforce",
    proves: true,
  };
  return {
    ...base,
    by: by.map((input, k) => ({ path: [...path, "by", k], input })),
    conditions: { ...conditions, maxAge, match, where },
    make: (authorities, { repository }) => {
      const conditioned =
        where === undefined
          ? checks
          : [...checks, whereCheck(where, repository)];
      const wanted = { ...base, authorities, what, isType, match, maxAge };
      return {
        ...base,
        readsInside: true,
        // what could not be listed might be the one that is against it
        needsAll: match !== "any",
        authorities,
        judge: (judged, reach) =>
          judgeStatements({ ...wanted, checks: conditioned }, judged, reach),
      };
    },
  };
}
