import type { Statement } from "../../../mirror/ports";
import {
  isObject,
  optionalString,
  refuseMiscased,
  type JsonObject,
} from "../../../oci/json";
import { memberOf, type Parts } from "./parts";
import { sourcesOf, workflowOf, type Workflow } from "./sources";

/** The predicate types that are read. */
export const provenanceTypes = {
  v02: "https://slsa.dev/provenance/v0.2",
  v1: "https://slsa.dev/provenance/v1",
} as const;

/** SLSA provenance of either version, as its maker states it. */
export interface Provenance {
  readonly builderId: string | undefined;
  readonly buildType: string | undefined;
  /** each place in version control that it says was built, in whichever member: all must be the wanted one */
  readonly sources: readonly string[];
  /** what the build's user chose */
  readonly parameters: JsonObject;
  /** what the builder chose */
  readonly environment: JsonObject;
  /** the workflow that ran, where it was one of GitHub's */
  readonly workflow: Workflow | undefined;
  /** the run, as a URI or a number */
  readonly invocationId: string | undefined;
}

/** Reads the predicate of a statement. Throws `MalformedError`; undefined where it is no provenance of a version we know. */
export function readProvenance(statement: Statement): Provenance | undefined {
  const { predicateType, predicate } = statement;
  if (!isObject(predicate)) return undefined;
  if (predicateType === provenanceTypes.v1) return readV1(predicate);
  if (predicateType === provenanceTypes.v02) return readV02(predicate);
  return undefined;
}

function readV1(predicate: JsonObject): Provenance {
  refuseMiscased(predicate, ["buildDefinition", "runDetails"], "predicate");
  const definition = memberOf(predicate, "buildDefinition");
  const details = memberOf(predicate, "runDetails");
  const known = [
    "buildType",
    "externalParameters",
    "internalParameters",
    "resolvedDependencies",
  ];
  refuseMiscased(definition, known, "buildDefinition");
  refuseMiscased(details, ["builder", "metadata"], "runDetails");
  const builder = memberOf(details, "builder");
  return assembled({
    builderId: optionalString(builder, "id", "builder"),
    buildType: optionalString(definition, "buildType", "buildDefinition"),
    parameters: memberOf(definition, "externalParameters"),
    environment: memberOf(definition, "internalParameters"),
    materials: definition["resolvedDependencies"] ?? [],
    configSource: {},
    metadata: memberOf(details, "metadata"),
    invocation: "invocationId",
  });
}

function readV02(predicate: JsonObject): Provenance {
  const known = ["builder", "buildType", "invocation", "materials", "metadata"];
  refuseMiscased(predicate, known, "predicate");
  const invocation = memberOf(predicate, "invocation");
  const members = ["configSource", "parameters", "environment"];
  refuseMiscased(invocation, members, "invocation");
  return assembled({
    builderId: optionalString(memberOf(predicate, "builder"), "id", "builder"),
    buildType: optionalString(predicate, "buildType", "predicate"),
    parameters: memberOf(invocation, "parameters"),
    environment: memberOf(invocation, "environment"),
    materials: predicate["materials"] ?? [],
    configSource: memberOf(invocation, "configSource"),
    metadata: memberOf(predicate, "metadata"),
    invocation: "buildInvocationId",
  });
}

function assembled(parts: Parts): Provenance {
  const { builderId, buildType, environment, metadata, invocation } = parts;
  return {
    builderId: builderId || undefined,
    buildType,
    sources: sourcesOf(parts),
    parameters: withInputs(parts),
    environment,
    workflow: workflowOf(parts),
    invocationId: optionalString(metadata, invocation, "metadata"),
  };
}

/** The generators of slsa-framework write what a workflow was started with into the event alone. */
function withInputs({ parameters, environment }: Parts): JsonObject {
  if (parameters["inputs"] !== undefined) return parameters;
  for (const name of ["github_event_payload", "GITHUB_EVENT_PAYLOAD"]) {
    const inputs = memberOf(environment, name)["inputs"] ?? undefined;
    if (inputs !== undefined) return { ...parameters, inputs };
  }
  return parameters;
}
