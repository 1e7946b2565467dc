import type {
  PackageSchema,
  PropertySpec,
} from "../../provider/hosts/plugin/schemaTypes";
import { argsInterface, isInstanceText, secretOutputs } from "./args";
import { docComment, header } from "./header";
import { importsOf } from "./imports";

/** `provider.ts`: the explicit provider. Configuration crosses the wire as strings, so whatever is not one is written as JSON. */
export function providerFile(schema: PackageSchema): string {
  const { provider, name } = schema;
  const properties = Object.entries(provider.inputProperties);
  const secrets = properties.filter(([, spec]) => spec.secret);
  const body = [
    docComment(provider.description),
    `export class Provider extends pulumi.ProviderResource {
    /** @internal */
    public static readonly __pulumiType = '${name}';

`,
    isInstanceText("Provider", `"pulumi:providers:" + Provider.__pulumiType`),
    `
    /**
     * Create a Provider resource with the given unique name, arguments, and options.
     *
     * @param name The _unique_ name of the resource.
     * @param args The arguments to use to populate this resource's properties.
     * @param opts A bag of options that control this resource's behavior.
     */
    constructor(name: string, args?: ProviderArgs, opts?: pulumi.ResourceOptions) {
        let resourceInputs: pulumi.Inputs = {};
        opts = opts || {};
        {
${properties.map(inputText).join("")}        }
        opts = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts);
${secretOutputs(secrets.map(([property]) => property))}        super(Provider.__pulumiType, name, resourceInputs, opts);
    }
}

`,
    argsInterface("Provider", provider),
  ].join("");
  return header + importsOf(body) + body;
}

function inputText([name, spec]: [string, PropertySpec]): string {
  const value = spec.secret
    ? `args?.${name} ? pulumi.secret(args.${name}) : undefined`
    : `args?.${name}`;
  const text =
    spec.type === "string"
      ? value
      : `pulumi.output(${value}).apply(JSON.stringify)`;
  return `            resourceInputs["${name}"] = ${text};\n`;
}
