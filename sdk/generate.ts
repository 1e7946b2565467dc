import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { version } from "../package.json";
import { estateJsonSchema } from "../provider/functions/estate/jsonSchema";
import { functions } from "../provider/functions/catalog";
import { providerConfig } from "../provider/hosts/config";
import { packageSchema } from "../provider/hosts/plugin/schema";
import { resources } from "../provider/resources/catalog";
import { nodejsSdk } from "./generator/nodejs";
import { program } from "./generator/program";

/** Writes schema.json, estate.schema.json and sdk/nodejs from the zod shapes; with `--check`, writes nothing and fails where a file differs. */
function main(check: boolean): number {
  const wanted = wantedFiles();
  const differing = [...wanted]
    .filter(([path, text]) => textAt(path) !== text)
    .map(([path]) => path);
  const leftOver = filesUnder(join("sdk", "nodejs")).filter(
    (path) => !wanted.has(path),
  );
  if (check) return complain([...differing, ...leftOver]);
  for (const path of leftOver) rmSync(path);
  for (const [path, text] of wanted) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return 0;
}

function wantedFiles(): Map<string, string> {
  const schema = packageSchema({
    version,
    resources,
    functions,
    providerConfig,
  });
  const sdk = [...nodejsSdk(schema, program)].map(
    ([path, text]) => [join("sdk", "nodejs", path), text] as const,
  );
  return new Map([
    ["schema.json", json(schema)],
    ["estate.schema.json", json(estateJsonSchema())],
    ...sdk,
  ]);
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function complain(paths: readonly string[]): number {
  for (const path of paths)
    console.error(`${path} differs from the zod shapes: run make sdk`);
  return paths.length > 0 ? 1 : 0;
}

function textAt(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

process.exitCode = main(process.argv.includes("--check"));
