import type { Floor } from "../../resources/judging/questionFailures";
import type { Declared } from "./declared";
import { expand } from "./expand";
import type { LocatedProblem, Problem } from "./problem";
import { estateShape, type EstateText } from "./shape";
import { shapeProblems } from "./shapeProblems";
import { shardOf, type Shard } from "./shard";
import { maxFileBytes, readYaml, type YamlFile } from "./yamlFile";

/** An estate, understood as a whole. */
export interface Estate {
  /** what the shard declares */
  readonly declared: readonly Declared[];
  /** how many resources all shards declare */
  readonly total: number;
  /** how hosts are reached, as the provider takes it */
  readonly registries: readonly object[];
  readonly policies: NonNullable<EstateText["policies"]>;
}

/** Reads an estate file. Whatever is wrong anywhere is told at once, also of other shards. */
export function readEstate(
  text: string,
  { floor, shard }: { readonly floor: Floor; readonly shard?: Shard },
):
  | { readonly estate: Estate }
  | { readonly problems: readonly LocatedProblem[] } {
  if (text.length > maxFileBytes) return tooLarge;
  const yaml = readYaml(text);
  if ("problems" in yaml) return yaml;
  const { file } = yaml;
  const misshapen = shapeProblems(estateShape, file.value);
  if (misshapen.length > 0) return located(misshapen, file);
  const written = estateShape.parse(file.value);
  const { declared, problems } = expand(written, floor);
  if (problems.length > 0) return located(problems, file);
  return {
    estate: {
      declared: declared.filter(
        ({ entry }) =>
          shard === undefined || shardOf(entry, shard.count) === shard.index,
      ),
      total: declared.length,
      registries: settingsIn(written),
      policies: written.policies ?? {},
    },
  };
}

const tooLarge = {
  problems: [
    {
      path: [],
      line: 1,
      column: 1,
      reason: `has more than ${maxFileBytes} bytes: split the file`,
    },
  ],
};

function located(
  problems: readonly Problem[],
  file: YamlFile,
): { readonly problems: readonly LocatedProblem[] } {
  const all = problems.map(({ path, reason, other }) => ({
    path,
    ...file.placeOf(path),
    reason: `${reason}${quoting(file, path, reason)}${
      other ? ` (line ${file.placeOf(other).line})` : ""
    }`,
  }));
  return {
    problems: all.sort(
      (one, two) => one.line - two.line || one.column - two.column,
    ),
  };
}

/** YAML makes a number of 1.10, and of a date something else: what to write instead. */
function quoting(
  file: YamlFile,
  path: readonly PropertyKey[],
  reason: string,
): string {
  const source = file.sourceOf(path);
  return reason.startsWith("must be a string") && source !== undefined
    ? `: put it into quotes: ${JSON.stringify(source)}`
    : "";
}

/** The hosts that are reached in another way than by default. */
function settingsIn({ registries }: EstateText): readonly object[] {
  return Object.values(registries ?? {}).flatMap((registry) => {
    if (typeof registry === "string") return [];
    const { prefix: _, ...settings } = registry;
    return Object.keys(settings).length > 1 ? [settings] : [];
  });
}
