import { stringify } from "yaml";
import {
  convert,
  type Converted,
} from "../../../../../provider/hosts/cli/convert/convert";

type Environment = Readonly<Record<string, string | undefined>>;

/** Converts a file, given as what is written in it. */
export function converted(
  file: string | object,
  environment: Environment = {},
): Converted {
  const text = typeof file === "string" ? file : stringify(file);
  return convert(text, { name: "theirs.yaml", environment });
}

/** The paths that are named as left. */
export function pathsLeft({ left }: Converted): readonly string[] {
  return left.map(({ path }) => path);
}

/** Whether something is named, by itself or with what it is in. */
export function isNamed({ left }: Converted, path: string): boolean {
  return left.some(
    (each) =>
      path === each.path ||
      path.startsWith(`${each.path}.`) ||
      path.startsWith(`${each.path}[`),
  );
}
