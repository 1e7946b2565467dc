import { asObject, type Json, type JsonObject } from "../../../oci/json";

/** The members of either version, under one name each. */
export interface Parts {
  readonly builderId: string | undefined;
  readonly buildType: string | undefined;
  readonly parameters: JsonObject;
  readonly environment: JsonObject;
  readonly materials: Json;
  readonly configSource: JsonObject;
  readonly metadata: JsonObject;
  /** which member of the metadata names the run */
  readonly invocation: string;
}

/** A member that is an object; one that is absent has no members. Throws `MalformedError` where it is something else. */
export function memberOf(object: JsonObject, name: string): JsonObject {
  const member = object[name] ?? {};
  return asObject(member, name);
}
