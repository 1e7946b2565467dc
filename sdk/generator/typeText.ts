import type {
  PropertySpec,
  TypeSpec,
} from "../../provider/hosts/plugin/schemaTypes";

/** Where a type is written: nested types of arguments may hold outputs, those of outputs are plain, and so are a function's arguments in its direct form. */
export type Direction = "input" | "plain" | "output";

type Spec = TypeSpec & Pick<Partial<PropertySpec>, "language">;

/** The TypeScript of a property's value, without the `Input` or `Output` around it. `prefix` leads to the named types: `inputs.`, `outputs.` or nothing. */
export function typeText(
  spec: Spec,
  direction: Direction,
  prefix: string,
): string {
  const values = spec.language?.nodejs.values;
  if (values) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (spec.$ref !== undefined)
    return referenceText(spec.$ref, direction, prefix);
  if (spec.type === "array" && spec.items)
    return `${grouped(inner(spec.items, direction, prefix))}[]`;
  if (spec.type === "object" && spec.additionalProperties)
    return `{[key: string]: ${inner(spec.additionalProperties, direction, prefix)}}`;
  return spec.type === "integer" ? "number" : String(spec.type);
}

/** The name of a type's interface: `PolicyArgs` for arguments, `Policy` for outputs. */
export function typeName(token: string, direction: Direction): string {
  const name = token.slice(token.lastIndexOf(":") + 1);
  return direction === "input" ? `${name}Args` : name;
}

function inner(spec: TypeSpec, direction: Direction, prefix: string): string {
  const text = typeText(spec, direction, prefix);
  return direction === "input" && text !== "any"
    ? `pulumi.Input<${text}>`
    : text;
}

function referenceText(
  reference: string,
  direction: Direction,
  prefix: string,
): string {
  if (reference === "pulumi.json#/Any") return "any";
  return prefix + typeName(reference, direction);
}

function grouped(text: string): string {
  return /^[\w.]+(<.*>)?$/.test(text) ? text : `(${text})`;
}
