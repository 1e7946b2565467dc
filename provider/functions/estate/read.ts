import type { Floor } from "../../resources/judging/questionFailures";
import type { Declared } from "./declared";
import { expand } from "./expand";
import type { LocatedProblem, Problem } from "./problem";
import { estateShape, type EstateText } from "./shape";
import { shapeProblems } from "./shapeProblems";
import { shardOf, type Shard } from "./shard";
import { wellShaped } from "./wellShaped";
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
  if (misshapen.length > 0) {
    const others = wellShaped(file.value, misshapen);
    const more = others === undefined ? [] : expand(others, floor).problems;
    return located([...misshapen, ...more], file);
  }
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

/** Each once, in the file's order: what one default does to a thousand entries is told of the first. */
function located(
  problems: readonly Problem[],
  file: YamlFile,
): { readonly problems: readonly LocatedProblem[] } {
  const alike = Map.groupBy(problems, ({ path, reason, entry, other }) =>
    JSON.stringify([path, reason, entry === undefined ? other : ""]),
  );
  const all = [...alike.values()].flatMap(([first, ...more]) =>
    first ? [locatedOne(first, entriesIn(more, first), file)] : [],
  );
  return {
    problems: all.sort(
      (one, two) => one.line - two.line || one.column - two.column,
    ),
  };
}

/** How many other entries have the same problem. */
function entriesIn(more: readonly Problem[], { entry }: Problem): number {
  const names = new Set(more.map((one) => one.entry));
  names.delete(entry);
  return names.size;
}

function locatedOne(
  { path, reason, other, entry }: Problem,
  more: number,
  file: YamlFile,
): LocatedProblem {
  const line = other && `line ${file.placeOf(other).line}`;
  const whose = entry && `for ${entry}`;
  const others = more > 0 && `and ${more} more`;
  const about = [whose, line, others].filter(Boolean).join(", ");
  const said = `${reason}${quoting(file, path, reason)}`;
  return {
    path,
    ...file.placeOf(path),
    reason: about === "" ? said : `${said} (${about})`,
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
