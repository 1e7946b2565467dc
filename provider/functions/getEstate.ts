import type { Failure, Values } from "../mirror/lifecycle";
import { printable } from "../mirror/printable";
import { propertyPath } from "../verifiers/propertyPath";
import { argumentFailures } from "./argumentFailures";
import type { Estate } from "./estate/read";
import type { LocatedProblem } from "./estate/problem";
import type { FunctionKind } from "./kind";
import { inputs, outputs } from "./getEstateShape";

/** More at once help nobody: what comes first is mended first. */
const maxTold = 30;

/** The resources that an estate file declares. It asks no registry. */
export const getEstate: FunctionKind = {
  token: "artifact-mirror:index:getEstate",
  description:
    "Reads an estate file, one validated YAML file for many artifacts and repositories, and answers the arguments of every resource that it declares. Whatever is wrong is told at once, with line and column. TypeScript programs call `estate`, which registers them, too.",
  inputs,
  outputs,
  async ask(world, _call, values) {
    const failures = wordsFailures(values);
    if (failures.length > 0) return { failures };
    const { file, text, shard } = inputs.parse(values);
    const { estateText } = await import("./estate/file.ts");
    const { readEstate } = await import("./estate/read.ts");
    const written = file === undefined ? (text ?? "") : await estateText(file);
    const answer = readEstate(written, { floor: world, shard });
    if ("problems" in answer) {
      return { failures: told(answer.problems, file ?? "text") };
    }
    return { values: answerOf(answer.estate) };
  },
};

function wordsFailures(values: Values): readonly Failure[] {
  const failures = argumentFailures(inputs, values);
  const isOne = (values.file === undefined) !== (values.text === undefined);
  return failures.length > 0 || isOne
    ? failures
    : [{ property: "file", reason: "give one of file and text" }];
}

/** Each problem as compilers tell theirs: `estate.yaml:12:5: …`. */
function told(
  problems: readonly LocatedProblem[],
  file: string,
): readonly Failure[] {
  const failures = problems
    .slice(0, maxTold)
    .map(({ line, column, path, reason }) => ({
      property: propertyPath(path) || "version",
      reason: printable(`${file}:${line}:${column}: ${reason}`),
    }));
  const more = problems.length - failures.length;
  return more === 0
    ? failures
    : [...failures, { property: "version", reason: `and ${more} more` }];
}

function answerOf({ declared, registries, policies, total }: Estate): Values {
  const of = (wanted: string) =>
    declared
      .filter(({ kind }) => kind === wanted)
      .map(({ name, formerName, args }) => ({ name, formerName, ...args }));
  return outputs.parse({
    artifacts: of("artifacts"),
    repositories: of("repositories"),
    registries,
    policies,
    total,
  });
}
