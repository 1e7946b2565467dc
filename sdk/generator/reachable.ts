import type {
  ObjectSpec,
  PackageSchema,
  TypeSpec,
} from "../../provider/hosts/plugin/schemaTypes";
import type { Direction } from "./typeText";

/** The named types that arguments (or outputs) reach, by token, sorted. Configuration variables count as both; `plain` is what functions take. */
export function reachable(
  schema: PackageSchema,
  direction: Direction,
): [string, ObjectSpec][] {
  const found = new Set<string>();
  for (const spec of roots(schema, direction)) collect(spec, schema, found);
  return Object.entries(schema.types).filter(([token]) => found.has(token));
}

function roots(schema: PackageSchema, direction: Direction): TypeSpec[] {
  const resources = Object.values(schema.resources).map((resource) =>
    direction === "input" ? resource.inputProperties : resource.properties,
  );
  const functions = Object.values(schema.functions).map((one) =>
    direction === "output" ? one.outputs.properties : one.inputs.properties,
  );
  const declared =
    direction === "plain" ? [] : [schema.config.variables, ...resources];
  return [...declared, ...functions].flatMap((properties) =>
    Object.values(properties ?? {}),
  );
}

function collect(
  spec: TypeSpec,
  schema: PackageSchema,
  found: Set<string>,
): void {
  const inner = spec.items ?? spec.additionalProperties;
  if (inner) return collect(inner, schema, found);
  const token = spec.$ref?.replace("#/types/", "");
  const type = token === undefined ? undefined : schema.types[token];
  if (token === undefined || !type || found.has(token)) return;
  found.add(token);
  for (const member of Object.values(type.properties))
    collect(member, schema, found);
}
