import type { ResourceSpec } from "../../provider/hosts/plugin/schemaTypes";
import { docComment } from "./header";
import { typeText } from "./typeText";

/** `export interface ThingArgs`: what a program hands to a resource's constructor. */
export function argsInterface(name: string, resource: ResourceSpec): string {
  const members = Object.entries(resource.inputProperties).map(
    ([property, spec]) => {
      const optional = resource.requiredInputs?.includes(property) ? "" : "?";
      const type = typeText(spec, "input", "inputs.");
      return `${docComment(spec.description, "    ")}    ${property}${optional}: pulumi.Input<${type}>;\n`;
    },
  );
  return `${docComment(`The set of arguments for constructing a ${name} resource.`)}export interface ${name}Args {\n${members.join("")}}\n`;
}

/** Hides secret outputs in state, whoever made them; nothing where there is none. */
export function secretOutputs(names: readonly string[]): string {
  if (names.length === 0) return "";
  const list = names.map((name) => JSON.stringify(name)).join(", ");
  return `        const secretOpts = { additionalSecretOutputs: [${list}] };
        opts = pulumi.mergeOptions(opts, secretOpts);
`;
}

/** `static isInstance`, which must work across two copies of the SDK in one process. */
export function isInstanceText(name: string, type: string): string {
  return `    /**
     * Returns true if the given object is an instance of ${name}.  This is designed to work even
     * when multiple copies of the Pulumi SDK have been loaded into the same process.
     */
    public static override isInstance(obj: any): obj is ${name} {
        if (obj === undefined || obj === null) {
            return false;
        }
        return obj['__pulumiType'] === ${type};
    }
`;
}
