import { z } from "zod";
import type { Authenticated, Judged, Looked } from "../../../mirror/ports";
import type { Json } from "../../../oci/json";
import type { Problem } from "../../problem";
import { celValueOf } from "./values";

/** The word `where`. */
export const whereSchema = z
  .string()
  .trim()
  .min(1, "asks for nothing: leave it out, or give an expression")
  .max(10_000)
  .optional()
  .describe(
    "A CEL expression that must be true of it. It sees `predicate`, `statement`, `signer` (`issuer`, `identity`, `keyId`, `subject`, `extensions`) and `artifact` (`reference`, `repository` of the source, `digest`, `mediaType`). A missing field is not met.",
  );

/** What is wrong with the expressions of some entries, under the word they stand under: found before anything is judged. */
export async function problemsOfWhere(
  word: string,
  entries: readonly { readonly where?: string | undefined }[],
): Promise<readonly Problem[]> {
  if (entries.every(({ where }) => where === undefined)) return [];
  const { problemOfExpression } = await import("./evaluate.ts");
  return entries.flatMap(({ where }, i) => {
    const reason = where === undefined ? undefined : problemOfExpression(where);
    return reason === undefined ? [] : [{ path: [word, i, "where"], reason }];
  });
}

/** Checks an expression against a vouched statement (T36). `repository` is the source's, for the copy too: what is admitted there must pass again here. */
export function whereCheck(text: string, repository: string) {
  return async (
    piece: Authenticated,
    judged: Judged,
  ): Promise<Pick<Looked, "code" | "reason"> | undefined> => {
    const reason = await unmet({ text, repository }, piece, judged);
    return reason === undefined
      ? undefined
      : {
          code: "POLICY",
          reason: `does not meet \`where\` (${reason}): ${text}`,
        };
  };
}

async function unmet(
  { text, repository }: { readonly text: string; readonly repository: string },
  { statement, signer }: Authenticated,
  judged: Judged,
): Promise<string | undefined> {
  if (!statement) return "there is no statement";
  const { conditionOf } = await import("./evaluate.ts");
  const condition = conditionOf(text);
  const { digest, mediaType } = judged.node.descriptor;
  const predicate = celValueOf(statement.predicate);
  return condition({
    predicate,
    statement: new Map(
      Object.entries({
        _type: statement.type,
        subject: celValueOf(statement.subjects),
        predicateType: statement.predicateType,
        predicate,
      }),
    ),
    signer: celValueOf(withoutAbsent(signer)),
    artifact: celValueOf({
      reference: `${repository}@${digest}`,
      repository,
      digest,
      mediaType,
    }),
  });
}

function withoutAbsent(given: object): Json {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
}
