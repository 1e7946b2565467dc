import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The licences of the packages whose files were bundled: their terms ask that they go along. `inputs` are paths as esbuild's metafile has them. */
export function noticesOf(inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((input) => packageFolder(input)));
  return [...folders].sort().map(noticeOf).join("\n");
}

/** `node_modules/a/node_modules/@b/c/lib/x.js` → `node_modules/a/node_modules/@b/c` */
function packageFolder(input: string): string[] {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return match?.[1] === undefined ? [] : [match[1]];
}

function noticeOf(folder: string): string {
  const { name, version, license } = manifestOf(folder);
  const file = readdirSync(folder).find((each) =>
    /^(licen[cs]e|copying)/i.test(each),
  );
  const text =
    file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
  return `==== ${name} ${version} (${license})\n\n${text}\n`;
}

function manifestOf(folder: string): {
  readonly name: string;
  readonly version: string;
  readonly license: string;
} {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
