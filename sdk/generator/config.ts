import type {
  PackageSchema,
  PropertySpec,
} from "../../provider/hosts/plugin/schemaTypes";
import { docComment, header } from "./header";
import { typeText } from "./typeText";

/** `config/vars.ts`: the stack's configuration of the package, read when it is asked for. */
export function configVarsFile(schema: PackageSchema): string {
  const variables = Object.entries(schema.config.variables);
  const body = variables.map(variableText).join("");
  const types = body.includes("outputs.")
    ? `import * as outputs from "../types/output";\n`
    : "";
  return `${header}import * as pulumi from "@pulumi/pulumi";
${types}
declare var exports: any;
const __config = new pulumi.Config(${JSON.stringify(schema.name)});

${body}`;
}

/** `config/index.ts`. */
export const configIndexFile = `${header}// Export members:
export * from "./vars";
`;

function variableText([name, spec]: [string, PropertySpec]): string {
  const type = typeText(spec, "output", "outputs.");
  const read =
    spec.type === "string" ? `get("${name}")` : `getObject<${type}>("${name}")`;
  return `${docComment(spec.description)}export declare const ${name}: ${type} | undefined;
Object.defineProperty(exports, "${name}", {
    get() {
        return __config.${read};
    },
    enumerable: true,
});

`;
}
