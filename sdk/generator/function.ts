import type {
  FunctionSpec,
  PropertySpec,
} from "../../provider/hosts/plugin/schemaTypes";
import { docComment, header } from "./header";
import { importsOf } from "./imports";
import { typeText } from "./typeText";

/** `verifyArtifact.ts`: a function in its direct form and in the one that takes and answers outputs, as Pulumi's own generator writes them. */
export function functionFile(token: string, asked: FunctionSpec): string {
  const name = token.slice(token.lastIndexOf(":") + 1);
  const title = name.slice(0, 1).toUpperCase() + name.slice(1);
  const names = Object.keys(asked.inputs.properties);
  const optional = asked.inputs.required ? "" : "?";
  const passed = names.map(
    (property) => `        "${property}": args${optional}.${property},\n`,
  );
  const comment = docComment(asked.description);
  const body = `${comment}export function ${name}(args${optional}: ${title}Args, opts?: pulumi.InvokeOptions): Promise<${title}Result> {
    opts = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts || {});
    return pulumi.runtime.invoke("${token}", {
${passed.join("")}    }, opts);
}

${argsText(`${title}Args`, asked, "plain")}
${resultText(`${title}Result`, asked)}
${comment}export function ${name}Output(args${optional}: ${title}OutputArgs, opts?: pulumi.InvokeOutputOptions): pulumi.Output<${title}Result> {
    opts = pulumi.mergeOptions(utilities.resourceOptsDefaults(), opts || {});
    return pulumi.runtime.invokeOutput("${token}", {
${passed.join("")}    }, opts);
}

${argsText(`${title}OutputArgs`, asked, "input")}`;
  return header + importsOf(body) + body;
}

function argsText(
  name: string,
  { inputs }: FunctionSpec,
  direction: "plain" | "input",
): string {
  const members = membersText(inputs, (spec) => {
    const text = typeText(spec, direction, "inputs.");
    return direction === "input" ? `pulumi.Input<${text}>` : text;
  });
  return `${docComment("A collection of arguments for the function.")}export interface ${name} {\n${members}}\n`;
}

function resultText(name: string, { outputs }: FunctionSpec): string {
  const members = membersText(
    outputs,
    (spec) => typeText(spec, "output", "outputs."),
    "readonly ",
  );
  return `${docComment("A collection of values returned by the function.")}export interface ${name} {\n${members}}\n`;
}

function membersText(
  { properties, required }: FunctionSpec["inputs"],
  typed: (spec: PropertySpec) => string,
  prefix = "",
): string {
  const members = Object.entries(properties).map(([name, spec]) => {
    const optional = required?.includes(name) ? "" : "?";
    return `${docComment(spec.description, "    ")}    ${prefix}${name}${optional}: ${typed(spec)};\n`;
  });
  return members.join("");
}
