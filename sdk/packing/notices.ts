import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The licences of the packages whose files were bundled: their terms ask that they go along. Each text stands once. `inputs` are paths as esbuild's metafile has them. */
export function noticesOf(inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((input) => packageFolder(input)));
  const owners = new Map<string, string[]>();
  for (const folder of [...folders].sort()) {
    const text = licenceText(folder);
    owners.set(text, [...(owners.get(text) ?? []), folder]);
  }
  return [...owners]
    .map(([text, same]) => `${same.map(titleOf).join("\n")}\n\n${text}\n`)
    .join("\n");
}

/** `node_modules/a/node_modules/@b/c/lib/x.js` → `node_modules/a/node_modules/@b/c` */
function packageFolder(input: string): string[] {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return match?.[1] === undefined ? [] : [match[1]];
}

function licenceText(folder: string): string {
  const file = readdirSync(folder).find((each) =>
    /^(licen[cs]e|copying)/i.test(each),
  );
  return file === undefined
    ? ""
    : readFileSync(join(folder, file), "utf8").trim();
}

function titleOf(folder: string): string {
  const { name, version, license } = manifestOf(folder);
  return `==== ${name} ${version} (${license})`;
}

function manifestOf(folder: string): {
  readonly name: string;
  readonly version: string;
  readonly license: string;
} {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
