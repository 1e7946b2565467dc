import type { PackageSchema } from "../../provider/hosts/plugin/schemaTypes";
import { configIndexFile, configVarsFile } from "./config";
import { functionFile } from "./function";
import {
  fileOf,
  indexFile,
  utilitiesFile,
  type ProgramFile,
} from "./indexFile";
import { providerFile } from "./provider";
import { resourceFile } from "./resource";
import { typesFile, typesIndexFile } from "./types";

/** The whole TypeScript SDK of a schema: path → text. It has no `package.json`: the package's own one is the SDK's. */
export function nodejsSdk(
  schema: PackageSchema,
  program: readonly ProgramFile[] = [],
): ReadonlyMap<string, string> {
  return new Map([
    ["index.ts", indexFile(schema, program)],
    ["utilities.ts", utilitiesFile(schema)],
    ["provider.ts", providerFile(schema)],
    ...Object.entries(schema.resources).map(
      ([token, resource]) =>
        [`${fileOf(token)}.ts`, resourceFile(token, resource)] as const,
    ),
    ...Object.entries(schema.functions).map(
      ([token, asked]) =>
        [`${fileOf(token)}.ts`, functionFile(token, asked)] as const,
    ),
    ["config/index.ts", configIndexFile],
    ["config/vars.ts", configVarsFile(schema)],
    ["types/index.ts", typesIndexFile],
    ["types/input.ts", typesFile(schema, "input")],
    ["types/output.ts", typesFile(schema, "output")],
  ]);
}
