/** A Pulumi type: a primitive, `pulumi.json#/Any`, or a reference to one of ours. */
export interface TypeSpec {
  readonly type?:
    "string" | "integer" | "number" | "boolean" | "array" | "object";
  readonly items?: TypeSpec;
  readonly additionalProperties?: TypeSpec;
  /** `#/types/artifact-mirror:index:Policy`, or `pulumi.json#/Any` */
  readonly $ref?: string;
}

/** One property of a resource, a type, or the provider's configuration. */
export interface PropertySpec extends TypeSpec {
  readonly description: string;
  readonly secret?: true;
  readonly willReplaceOnChanges?: true;
  /** `nodejs.values`: the only strings allowed. The other languages take any string, and read them in the description. */
  readonly language?: {
    readonly nodejs: { readonly values: readonly string[] };
  };
}

export type Properties = Readonly<Record<string, PropertySpec>>;

/** A named object type. */
export interface ObjectSpec {
  readonly description: string;
  readonly type: "object";
  readonly properties: Properties;
  readonly required?: readonly string[];
}

/** A resource: `properties` are its outputs. */
export interface ResourceSpec {
  readonly description: string;
  readonly properties?: Properties;
  readonly required?: readonly string[];
  readonly inputProperties: Properties;
  readonly requiredInputs?: readonly string[];
}

/** A function: what it takes and what it answers. */
export interface FunctionSpec {
  readonly description: string;
  readonly inputs: Omit<ObjectSpec, "description">;
  readonly outputs: Omit<ObjectSpec, "description">;
}

/** A Pulumi package schema (`schema.json`), as far as we use it. */
export interface PackageSchema {
  readonly name: string;
  readonly displayName: string;
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly license: string;
  readonly publisher: string;
  readonly language: Readonly<Record<string, unknown>>;
  readonly config: { readonly variables: Properties };
  readonly types: Readonly<Record<string, ObjectSpec>>;
  readonly provider: ResourceSpec;
  readonly resources: Readonly<Record<string, ResourceSpec>>;
  readonly functions: Readonly<Record<string, FunctionSpec>>;
}
