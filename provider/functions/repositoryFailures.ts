import { attempt } from "../resources/judging/questionFailures";
import { parseReference } from "../oci/reference";
import type { Failure, Value } from "../mirror/lifecycle";

/** What is wrong with an argument that is a repository: it names neither tag nor digest. */
export function repositoryFailures(
  property: string,
  value: Value,
): readonly Failure[] {
  if (typeof value !== "string") return [];
  const { parsed, failures } = attempt(property, () => parseReference(value));
  const { tag, digest } = parsed ?? {};
  if (tag === undefined && digest === undefined) return failures;
  const named = tag === undefined ? `@${digest}` : `:${tag}`;
  return [
    { property, reason: `is a whole repository here: leave out ${named}` },
  ];
}
