import type {
  PropertySpec,
  ResourceSpec,
} from "../../provider/hosts/plugin/schemaTypes";
import { argsInterface, isInstanceText, secretOutputs } from "./args";
import { docComment, header } from "./header";
import { importsOf } from "./imports";
import { typeText } from "./typeText";

/** `mirroredArtifact.ts`: a resource's class and its arguments, as Pulumi's own generator writes them. */
export function resourceFile(token: string, resource: ResourceSpec): string {
  const name = token.slice(token.lastIndexOf(":") + 1);
  const body = [
    docComment(resource.description),
    `export class ${name} extends pulumi.CustomResource {\n`,
    getText(name),
    `    /** @internal */\n    public static readonly __pulumiType = '${token}';\n\n`,
    isInstanceText(name, `${name}.__pulumiType`),
    "\n",
    ...outputTexts(resource),
    constructorText(name, resource),
    "}\n\n",
    argsInterface(name, resource),
  ].join("");
  return header + importsOf(body) + body;
}

function getText(name: string): string {
  return `    /**
     * Get an existing ${name} resource's state with the given name, ID, and optional extra
     * properties used to qualify the lookup.
     *
     * @param name The _unique_ name of the resulting resource.
     * @param id The _unique_ provider ID of the resource to lookup.
     * @param opts Optional settings to control the behavior of the CustomResource.
     */
    public static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): ${name} {
        return new ${name}(name, undefined as any, { ...opts, id: id });
    }

`;
}

function outputTexts(resource: ResourceSpec): string[] {
  return Object.entries(resource.properties ?? {}).map(([name, spec]) => {
    const type = typeText(spec, "output", "outputs.");
    const absent = resource.required?.includes(name) ? "" : " | undefined";
    const out = name in resource.inputProperties ? "" : "/*out*/ ";
    return `${docComment(spec.description, "    ")}    declare public ${out}readonly ${name}: pulumi.Output<${type}${absent}>;\n`;
  });
}

function constructorText(name: string, resource: ResourceSpec): string {
  const { inputProperties, properties = {}, requiredInputs = [] } = resource;
  const secrets = Object.keys(properties).filter((p) => properties[p]?.secret);
  const optional = requiredInputs.length === 0 ? "?" : "";
  return `
    /**
     * Create a ${name} resource with the given unique name, arguments, and options.
     *
     * @param name The _unique_ name of the resource.
     * @param args The arguments to use to populate this resource's properties.
     * @param opts A bag of options that control this resource's behavior.
     */
    constructor(name: string, args${optional}: ${name}Args, opts?: pulumi.CustomResourceOptions) {
        let resourceInputs: pulumi.Inputs = {};
        opts = opts || {};
        if (!opts.id) {
${requiredInputs.map(requiredText).join("")}${Object.entries(inputProperties).map(inputText).join("")}${onlyOutputs(resource).map(outputText).join("")}        } else {
${Object.keys(properties).map(outputText).join("")}        }
        opts = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts);
${secretOutputs(secrets)}        super(${name}.__pulumiType, name, resourceInputs, opts);
    }
`;
}

function onlyOutputs(resource: ResourceSpec): string[] {
  return Object.keys(resource.properties ?? {}).filter(
    (name) => !(name in resource.inputProperties),
  );
}

function requiredText(name: string): string {
  return `            if (args?.${name} === undefined && !opts.urn) {
                throw new Error("Missing required property '${name}'");
            }
`;
}

function inputText([name, spec]: [string, PropertySpec]): string {
  const value = spec.secret
    ? `args?.${name} ? pulumi.secret(args.${name}) : undefined`
    : `args?.${name}`;
  return `            resourceInputs["${name}"] = ${value};\n`;
}

function outputText(name: string): string {
  return `            resourceInputs["${name}"] = undefined /*out*/;\n`;
}
