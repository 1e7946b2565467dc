import type {
  ObjectSpec,
  PackageSchema,
} from "../../provider/hosts/plugin/schemaTypes";
import { docComment, header } from "./header";
import { reachable } from "./reachable";
import { typeName, typeText, type Direction } from "./typeText";

/** `types/input.ts` or `types/output.ts`: an interface for each named type that the arguments, or the outputs, reach. What functions take stands there without outputs, too. */
export function typesFile(
  schema: PackageSchema,
  file: "input" | "output",
): string {
  const directions: Direction[] =
    file === "input" ? ["input", "plain"] : ["output"];
  const interfaces = directions.flatMap((direction) =>
    reachable(schema, direction).map(([token, type]) =>
      interfaceText(token, type, direction),
    ),
  );
  const uses = interfaces.join("");
  const imports = uses.includes("pulumi.")
    ? `import * as pulumi from "@pulumi/pulumi";\n\n`
    : "";
  return header + imports + (uses || "export {};\n");
}

/** `types/index.ts`: the two of them by name. */
export const typesIndexFile = `${header}import * as input from "./input";
import * as output from "./output";

export {
    input,
    output,
};
`;

function interfaceText(
  token: string,
  type: ObjectSpec,
  direction: Direction,
): string {
  const members = Object.entries(type.properties).map(([name, property]) => {
    const optional = type.required?.includes(name) ? "" : "?";
    const text = typeText(property, direction, "");
    const value = direction === "input" ? `pulumi.Input<${text}>` : text;
    return `${docComment(property.description, "    ")}    ${name}${optional}: ${value};\n`;
  });
  return `${docComment(type.description)}export interface ${typeName(token, direction)} {\n${members.join("")}}\n\n`;
}
