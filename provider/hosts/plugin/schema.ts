import type { ZodObject } from "zod";
import type { FunctionKind } from "../../functions/kind";
import type { ResourceKind } from "../../resources/kind";
import { shapeOf, type Shape } from "./schemaShape";
import type {
  FunctionSpec,
  ObjectSpec,
  PackageSchema,
  Properties,
  ResourceSpec,
} from "./schemaTypes";

/** What the package schema is made of: one truth, the zod shapes that the provider checks with. */
export interface SchemaSources {
  /** of the package: plugin, SDK and schema are always of one version */
  readonly version: string;
  readonly resources: readonly Pick<
    ResourceKind,
    "token" | "description" | "inputs" | "outputs" | "replaceOnChanges"
  >[];
  readonly functions: readonly Pick<
    FunctionKind,
    "token" | "description" | "inputs" | "outputs"
  >[];
  readonly providerConfig: ZodObject;
}

/** The Pulumi package schema (`schema.json`, GetSchema), from which every SDK is generated. Throws when a shape has no Pulumi form. */
export function packageSchema(sources: SchemaSources): PackageSchema {
  const config = shapeOf(sources.providerConfig, "provider");
  const resources = sources.resources.map((kind) => ({
    kind,
    inputs: shapeOf(kind.inputs, kind.token),
    outputs: shapeOf(kind.outputs, `${kind.token} outputs`),
  }));
  const functions = sources.functions.map((kind) => ({
    kind,
    inputs: shapeOf(kind.inputs, kind.token),
    outputs: shapeOf(kind.outputs, `${kind.token} outputs`),
  }));
  const shapes = [
    config,
    ...[...resources, ...functions].flatMap((one) => [one.inputs, one.outputs]),
  ];
  return {
    ...presentation,
    version: sources.version,
    language,
    config: { variables: config.properties },
    types: mergedTypes(shapes),
    provider: {
      description:
        "How registries are reached, which credentials they get, and what every policy must at least ask. Without one, the stack's configuration and the machine's own credentials are used.",
      inputProperties: config.properties,
      ...named("requiredInputs", config.required),
    },
    resources: Object.fromEntries(
      resources.map(({ kind, inputs, outputs }) => [
        kind.token,
        resourceSpec(kind, inputs, outputs),
      ]),
    ),
    functions: Object.fromEntries(
      functions.map(({ kind, inputs, outputs }) => [
        kind.token,
        functionSpec(kind, inputs, outputs),
      ]),
    ),
  };
}

const presentation = {
  name: "artifact-mirror",
  displayName: "Artifact Mirror",
  description:
    "Admits third-party OCI artifacts into your own registry: verified in preview, copied with their evidence in up, remembered by digest.",
  keywords: [
    "pulumi",
    "oci",
    "registry",
    "mirror",
    "cosign",
    "sigstore",
    "supply-chain",
    "category/infrastructure",
    "kind/native",
  ],
  license: "Apache-2.0",
  publisher: "artifact-mirror",
};

const language = {
  nodejs: {
    packageName: "pulumi-artifact-mirror",
    respectSchemaVersion: true,
  },
  python: {
    packageName: "pulumi_artifact_mirror",
    respectSchemaVersion: true,
    pyproject: { enabled: true },
  },
  go: { respectSchemaVersion: true, generics: "side-by-side" },
  csharp: {
    namespaces: { "artifact-mirror": "ArtifactMirror" },
    respectSchemaVersion: true,
  },
  java: { buildFiles: "gradle" },
};

function resourceSpec(
  kind: Pick<ResourceKind, "description" | "replaceOnChanges">,
  inputs: Shape,
  outputs: Shape,
): ResourceSpec {
  return {
    description: kind.description,
    properties: outputs.properties,
    ...named("required", outputs.required),
    inputProperties: replacing(inputs.properties, kind.replaceOnChanges),
    ...named("requiredInputs", inputs.required),
  };
}

function functionSpec(
  { description }: Pick<FunctionKind, "description">,
  inputs: Shape,
  outputs: Shape,
): FunctionSpec {
  return {
    description,
    inputs: membersOf(inputs),
    outputs: membersOf(outputs),
  };
}

function membersOf({ properties, required }: Shape): FunctionSpec["inputs"] {
  return { type: "object", properties, ...named("required", required) };
}

function named<Name extends string>(name: Name, values: readonly string[]) {
  return values.length > 0 ? { [name]: values } : {};
}

function replacing(
  properties: Properties,
  replaceOnChanges: readonly string[],
): Properties {
  const marked = replaceOnChanges.map((name) => {
    const property = properties[name];
    if (!property) throw new Error(`replaceOnChanges names no input: ${name}`);
    return [
      name,
      { ...property, willReplaceOnChanges: true as const },
    ] as const;
  });
  return { ...properties, ...Object.fromEntries(marked) };
}

function mergedTypes(shapes: readonly Shape[]): PackageSchema["types"] {
  const merged = new Map<string, ObjectSpec>();
  for (const [token, type] of shapes.flatMap((shape) => [...shape.types])) {
    const other = merged.get(token);
    if (other && JSON.stringify(other) !== JSON.stringify(type))
      throw new Error(`${token}: two different types carry this name`);
    merged.set(token, type);
  }
  return Object.fromEntries(
    [...merged].sort(([left], [right]) => (left < right ? -1 : 1)),
  );
}
