import { toJSONSchema, z, type ZodObject } from "zod";
import type {
  ObjectSpec,
  Properties,
  PropertySpec,
  TypeSpec,
} from "./schemaTypes";

/** What zod writes for the shapes we allow ourselves; whatever else it writes is refused by name. */
interface JsonShape {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, JsonShape>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: JsonShape | undefined;
  readonly additionalProperties?: JsonShape | false | undefined;
  readonly $ref?: string | undefined;
  readonly $defs?: Readonly<Record<string, JsonShape>> | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string | undefined;
  readonly secret?: unknown;
  /** `material()` marks trust material */
  readonly material?: unknown;
}

const jsonShape: z.ZodType<JsonShape> = z.looseObject({
  properties: z
    .record(
      z.string(),
      z.lazy(() => jsonShape),
    )
    .optional(),
  required: z.array(z.string()).optional(),
  items: z.lazy(() => jsonShape).optional(),
  additionalProperties: z
    .union([z.literal(false), z.lazy(() => jsonShape)])
    .optional(),
  $ref: z.string().optional(),
  $defs: z
    .record(
      z.string(),
      z.lazy(() => jsonShape),
    )
    .optional(),
  enum: z.array(z.unknown()).optional(),
  description: z.string().optional(),
});

/** One zod object in Pulumi's words, and every named type it reaches. */
export interface Shape {
  readonly properties: Properties;
  readonly required: readonly string[];
  /** by token: `artifact-mirror:index:Policy` */
  readonly types: ReadonlyMap<string, ObjectSpec>;
}

const scalars = ["string", "integer", "number", "boolean"] as const;

/** Reads a zod object. Throws, with the path, for what other languages could not have: unions, nameless objects, missing descriptions. */
export function shapeOf(object: ZodObject, at: string): Shape {
  const root = jsonShape.parse(
    toJSONSchema(object, { io: "input", unrepresentable: "any" }),
  );
  const types = new Map<string, ObjectSpec>();
  for (const [id, shape] of Object.entries(root.$defs ?? {})) {
    types.set(tokenOf(id), objectSpec(shape, `${at} ${id}`));
  }
  const { properties, required } = membersOf(resolved(root), at);
  const described = describing(properties, { types, at });
  return {
    properties: hidingSecrets(described, types),
    required,
    types: new Map(
      [...types].map(([token, type]) => [
        token,
        {
          ...type,
          properties: describing(type.properties, { types, at: token }),
        },
      ]),
    ),
  };
}

function tokenOf(id: string): string {
  return `artifact-mirror:index:${id}`;
}

/** A root that carries an id of its own is written as a reference to itself. */
function resolved(root: JsonShape): JsonShape {
  if (root.$ref === undefined) return root;
  return root.$defs?.[root.$ref.replace("#/$defs/", "")] ?? root;
}

function objectSpec(shape: JsonShape, at: string): ObjectSpec {
  if (!shape.description) throw new Error(`${at}: a type needs a description`);
  const { properties, required } = membersOf(shape, at);
  return {
    description: shape.description,
    type: "object",
    properties,
    ...(required.length > 0 ? { required } : {}),
  };
}

function membersOf(
  shape: JsonShape,
  at: string,
): Pick<Shape, "properties" | "required"> {
  if (shape.properties === undefined)
    throw new Error(`${at}: must be an object of named properties`);
  const properties = Object.entries(shape.properties).map(
    ([name, member]) => [name, propertySpec(member, `${at}.${name}`)] as const,
  );
  return {
    properties: Object.fromEntries(properties),
    required: [...(shape.required ?? [])].sort(),
  };
}

function propertySpec(shape: JsonShape, at: string): PropertySpec {
  const values = valuesOf(shape, at);
  return {
    ...typeSpec(shape, at),
    description: [shape.description ?? "", ...hints(shape, values)].join(" "),
    ...(shape.secret === true ? { secret: true } : {}),
    ...(values ? { language: { nodejs: { values } } } : {}),
  };
}

function typeSpec(shape: JsonShape, at: string): TypeSpec {
  if (shape.$ref !== undefined)
    return {
      $ref: `#/types/${tokenOf(shape.$ref.replace("#/$defs/", ""))}`,
    };
  if (shape.type === "array") {
    if (!shape.items) throw new Error(`${at}: an array needs one item type`);
    return { type: "array", items: typeSpec(shape.items, `${at}[]`) };
  }
  if (shape.type === "object") return recordSpec(shape, at);
  const scalar = scalars.find((name) => name === shape.type);
  if (scalar) return { type: scalar };
  if (isAnything(shape)) return { $ref: "pulumi.json#/Any" };
  throw new Error(
    `${at}: a union has no type in Go, C# and Java; use one optional property a kind`,
  );
}

function recordSpec(shape: JsonShape, at: string): TypeSpec {
  if (shape.properties !== undefined)
    throw new Error(`${at}: a nested object needs .meta({ id })`);
  const values = shape.additionalProperties;
  if (typeof values !== "object")
    throw new Error(`${at}: a record needs a value type`);
  return {
    type: "object",
    additionalProperties: typeSpec(values, `${at}{}`),
  };
}

function isAnything(shape: JsonShape): boolean {
  const marks = ["default", "description", "secret"];
  return Object.keys(shape).every((key) => marks.includes(key));
}

function valuesOf(shape: JsonShape, at: string): string[] | undefined {
  const values =
    shape.enum ?? (shape.const === undefined ? undefined : [shape.const]);
  return values?.map((value) => {
    if (typeof value !== "string")
      throw new Error(`${at}: only strings may be enumerated`);
    return value;
  });
}

function hints(shape: JsonShape, values: string[] | undefined): string[] {
  const allowed = values
    ? [`One of ${values.map((value) => `\`${value}\``).join(", ")}.`]
    : [];
  const standard =
    shape.default === undefined
      ? []
      : [`Default: \`${JSON.stringify(shape.default)}\`.`];
  return [...allowed, ...standard, ...materialHint(shape)];
}

function materialHint(shape: JsonShape): string[] {
  return holdsMaterial(shape)
    ? [
        "The text itself, `file:PATH` beside the program, or `artifact:REPOSITORY@sha256:…` with one layer.",
      ]
    : [];
}

function holdsMaterial({
  material,
  items,
  additionalProperties,
}: JsonShape): boolean {
  const inner = items ?? additionalProperties;
  return (
    material === true || (typeof inner === "object" && holdsMaterial(inner))
  );
}

/** zod leaves out a property's description where its type has the same one. */
function describing(
  properties: Properties,
  { types, at }: Pick<Shape, "types"> & { readonly at: string },
): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const token = property.$ref?.replace("#/types/", "") ?? "";
      const description = property.description || types.get(token)?.description;
      if (!description)
        throw new Error(`${at}.${name}: a property needs a description`);
      return [name, { ...property, description }];
    }),
  );
}

/** Generated SDKs hide top-level properties only, so what holds a secret at any depth is hidden at the top. */
function hidingSecrets(
  properties: Properties,
  types: ReadonlyMap<string, ObjectSpec>,
): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [
      name,
      holdsSecret(property, types, new Set())
        ? { ...property, secret: true as const }
        : property,
    ]),
  );
}

function holdsSecret(
  spec: TypeSpec & { readonly secret?: true },
  types: ReadonlyMap<string, ObjectSpec>,
  seen: Set<string>,
): boolean {
  if (spec.secret) return true;
  const inner = spec.items ?? spec.additionalProperties;
  if (inner) return holdsSecret(inner, types, seen);
  const token = spec.$ref?.replace("#/types/", "");
  if (token === undefined || seen.has(token)) return false;
  seen.add(token);
  return Object.values(types.get(token)?.properties ?? {}).some((member) =>
    holdsSecret(member, types, seen),
  );
}
