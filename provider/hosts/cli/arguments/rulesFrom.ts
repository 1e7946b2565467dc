import { resolve } from "node:path";
import type { Values } from "../../../mirror/lifecycle";
import { aboutVersions } from "../../../selectors/tagsFailures";
import type { Asked } from "../asked";
import { misunderstood } from "../exit";
import type { Terminal } from "../terminal";
import { readYamlFile } from "./yamlFile";

const texts = ["range", "pattern", "compatibility"] as const;
const switches = ["prereleases", "calendar"] as const;
const counts = { "pinned-major": "pinnedMajor", newest: "newest" } as const;

/** The rules that a command line asks for; none where it says nothing of them. */
export async function rulesFrom(
  asked: Asked,
  { folder }: Terminal,
): Promise<Values | undefined> {
  const file = asked.text("rules");
  const written =
    file === undefined ? {} : await readYamlFile(resolve(folder, file));
  const rules = { ...written, ...saidIn(asked) };
  if (Object.keys(rules).length === 0) return undefined;
  const usual = aboutVersions.some((word) => word in rules) ? "semver" : "all";
  return { mode: usual, ...rules };
}

function saidIn(asked: Asked): Values {
  const said = [
    ...texts.map((name) => [name, asked.text(name)] as const),
    ...switches.map((name) => [name, asked.has(name) || undefined] as const),
    ...Object.entries(counts).map(
      ([name, word]) => [word, countOf(asked, name)] as const,
    ),
    [
      "exclude",
      asked.has("exclude") ? asked.texts("exclude") : undefined,
    ] as const,
    ["mode", asked.text("mode")] as const,
  ];
  return Object.fromEntries(said.filter(([, value]) => value !== undefined));
}

function countOf(asked: Asked, name: string): number | undefined {
  const text = asked.text(name);
  if (text === undefined) return undefined;
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw misunderstood({
    what: "could not understand the command line of tags",
    why: `--${name} is ${JSON.stringify(text)}, and no whole number`,
    remedy: "see npx pulumi-artifact-mirror tags --help",
  });
}
