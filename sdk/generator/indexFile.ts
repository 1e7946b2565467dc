import type { PackageSchema } from "../../provider/hosts/plugin/schemaTypes";
import { header } from "./header";

/** A resource's file without its extension: `mirroredArtifact`. */
export function fileOf(token: string): string {
  const name = token.slice(token.lastIndexOf(":") + 1);
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

/** A file of ours beside the generated ones, and what of it the package's door shows. */
export interface ProgramFile {
  /** its name below `sdk/program`, without extension */
  readonly file: string;
  readonly functions: readonly string[];
  readonly types: readonly string[];
}

/** `index.ts`: the package's door; every class is loaded when it is first used. */
export function indexFile(
  schema: PackageSchema,
  program: readonly ProgramFile[],
): string {
  const tokens = Object.keys(schema.resources);
  const all = [
    ...tokens.map((token) => [nameOf(token), fileOf(token)] as const),
    ["Provider", "provider"] as const,
  ];
  const cases = tokens
    .map(
      (token) => `            case "${token}":
                return new ${nameOf(token)}(name, <any>undefined, { urn });
`,
    )
    .join("");
  return `${header}import * as pulumi from "@pulumi/pulumi";
import * as utilities from "./utilities";

// Export members:
${all.map(([name, file]) => exportText(name, file)).join("")}${Object.keys(schema.functions).map(functionExport).join("")}${program.map(programExport).join("")}
// Export sub-modules:
import * as config from "./config";
import * as types from "./types";

export {
    config,
    types,
};

const _module = {
    version: utilities.getVersion(),
    construct: (name: string, type: string, urn: string): pulumi.Resource => {
        switch (type) {
${cases}            default:
                throw new Error(\`unknown resource type \${type}\`);
        }
    },
};
pulumi.runtime.registerResourceModule("${schema.name}", "index", _module)
pulumi.runtime.registerResourcePackage("${schema.name}", {
    version: utilities.getVersion(),
    constructProvider: (name: string, type: string, urn: string): pulumi.ProviderResource => {
        if (type !== "pulumi:providers:${schema.name}") {
            throw new Error(\`unknown provider type \${type}\`);
        }
        return new Provider(name, <any>undefined, { urn });
    },
});
`;
}

function nameOf(token: string): string {
  return token.slice(token.lastIndexOf(":") + 1);
}

function functionExport(token: string): string {
  const [name, file] = [nameOf(token), fileOf(token)];
  const title = name.slice(0, 1).toUpperCase() + name.slice(1);
  const types = ["Args", "Result", "OutputArgs"].map((end) => title + end);
  const values = [name, `${name}Output`].map(
    (value) =>
      `export const ${value}: typeof import("./${file}").${value} = null as any;\n`,
  );
  return `export type { ${types.join(", ")} } from "./${file}";
${values.join("")}utilities.lazyLoad(exports, ["${name}", "${name}Output"], () => require("./${file}"));

`;
}

function programExport({ file, functions, types }: ProgramFile): string {
  const values = functions.map(
    (value) =>
      `export const ${value}: typeof import("../program/${file}").${value} = null as any;\n`,
  );
  const names = functions.map((name) => `"${name}"`).join(", ");
  return `export type { ${types.join(", ")} } from "../program/${file}";
${values.join("")}utilities.lazyLoad(exports, [${names}], () => require("../program/${file}"));

`;
}

function exportText(name: string, file: string): string {
  return `export type { ${name}Args } from "./${file}";
export type ${name} = import("./${file}").${name};
export const ${name}: typeof import("./${file}").${name} = null as any;
utilities.lazyLoad(exports, ["${name}"], () => require("./${file}"));

`;
}

/** `utilities.ts`. The version is the schema's own: package, plugin and SDK are always of one version. */
export function utilitiesFile(schema: PackageSchema): string {
  return `${header}export function getVersion(): string {
    return "${schema.version}";
}

/** @internal */
export function resourceOptsDefaults(): any {
    return { version: getVersion() };
}

/** @internal */
export function lazyLoad(exports: any, props: string[], loadModule: any) {
    for (let property of props) {
        Object.defineProperty(exports, property, {
            enumerable: true,
            get: function() {
                return loadModule()[property];
            },
        });
    }
}
`;
}
