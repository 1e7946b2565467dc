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
      const property = file === undefined ? "text" : "file";
      const reason = toldOf(answer.problems, file ?? "text");
      return { failures: [{ property, reason }] };
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

/** Each problem on a line of its own, as compilers tell theirs: `estate.yaml:12:5: artifacts.app.sorce: …`. */
function toldOf(problems: readonly LocatedProblem[], name: string): string {
  const lines = problems
    .slice(0, maxTold)
    .map(({ line, column, path, reason }) =>
      [`${name}:${line}:${column}`, propertyPath(path), reason]
        .filter((part) => part !== "")
        .join(": "),
    );
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`and ${more} more`);
  const shown = lines.map((line) => `\n  ${printable(line)}`);
  return `${printable(name)} is not understood:${shown.join("")}\n`;
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
