import type {
  PackageSchema,
  Properties,
  PropertySpec,
  TypeSpec,
} from "../../../provider/hosts/plugin/schemaTypes";

const token = /^artifact-mirror:index:[A-Z][A-Za-z0-9]*$/;
const camelCase = /^[a-z][A-Za-z0-9]*$/;
/** `id` and `urn` belong to Pulumi; `pulumi` to the SDKs. */
const reserved = ["id", "urn", "pulumi"];

/** Pulumi's structural rules that a package schema breaks, in words; empty for a good one. */
export function faultsOf(schema: PackageSchema): string[] {
  const { name, types, resources, provider, config } = schema;
  return [
    ...(/^[a-zA-Z][-a-zA-Z0-9_]*$/.test(name) ? [] : [`name ${name}`]),
    ...(/^\d+\.\d+\.\d+/.test(schema.version) ? [] : ["version"]),
    ...[...Object.keys(types), ...Object.keys(resources)]
      .filter((each) => !token.test(each))
      .map((each) => `${each}: not a token`),
    ...Object.keys(types)
      .filter((each) => each in resources)
      .map((each) => `${each}: a type and a resource`),
    ...Object.entries(types).flatMap(([at, type]) =>
      membersFaults(schema, at, [type.properties, type.required]),
    ),
    ...membersFaults(schema, "config", [config.variables]),
    ...resourceFaults(schema, "provider", provider),
    ...Object.entries(resources).flatMap(([at, resource]) =>
      resourceFaults(schema, at, resource),
    ),
  ];
}

function resourceFaults(
  schema: PackageSchema,
  at: string,
  resource: PackageSchema["provider"],
): string[] {
  const { properties = {}, inputProperties } = resource;
  const outputs = Object.keys(properties).filter((p) => reserved.includes(p));
  return [
    ...(resource.description ? [] : [`${at}: no description`]),
    ...outputs.map((name) => `${at}.${name}: a reserved name`),
    ...membersFaults(schema, at, [properties, resource.required]),
    ...membersFaults(schema, at, [inputProperties, resource.requiredInputs]),
  ];
}

function membersFaults(
  schema: PackageSchema,
  at: string,
  [properties, required = []]: readonly [Properties, (readonly string[])?],
): string[] {
  return [
    ...required
      .filter((name) => !(name in properties))
      .map((name) => `${at}.${name}: required, not there`),
    ...Object.entries(properties).flatMap(([name, property]) =>
      propertyFaults(schema, `${at}.${name}`, property),
    ),
  ];
}

function propertyFaults(
  schema: PackageSchema,
  at: string,
  property: PropertySpec,
): string[] {
  return [
    ...(camelCase.test(at.slice(at.lastIndexOf(".") + 1))
      ? []
      : [`${at}: not camelCase`]),
    ...(property.description.trim() ? [] : [`${at}: no description`]),
    ...typeFaults(schema, at, property),
  ];
}

function typeFaults(
  schema: PackageSchema,
  at: string,
  spec: TypeSpec,
): string[] {
  const { type, $ref, items, additionalProperties } = spec;
  if ($ref === "pulumi.json#/Any") return [];
  if ($ref !== undefined)
    return $ref.replace("#/types/", "") in schema.types
      ? []
      : [`${at}: ${$ref} leads nowhere`];
  if (type === "array")
    return items ? typeFaults(schema, `${at}[]`, items) : [`${at}: no items`];
  if (type === "object")
    return additionalProperties
      ? typeFaults(schema, `${at}{}`, additionalProperties)
      : [`${at}: no value type`];
  return type ? [] : [`${at}: no type`];
}
