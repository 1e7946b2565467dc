import {
  asArray,
  asObject,
  isObject,
  type Json,
  type JsonObject,
} from "../../../../oci/json";
import type { Asked } from "../../wire/wireError";
import { reading } from "../content";

/** The objects of an array: of the page itself, or of a member of it. What is no object is passed over. */
export function objectsIn(
  json: Json,
  member: string | undefined,
  asked: Asked,
): readonly JsonObject[] {
  return reading(asked, () => {
    const held = member === undefined ? json : listIn(json, member);
    return asArray(held, "the answer").filter(isObject);
  });
}

/** A list that is a member; null is what Go writes for an empty one, and absence is no list. */
export function listIn(json: Json, member: string): readonly Json[] {
  const held = asObject(json, "the answer")[member];
  return held === null ? [] : asArray(held, member);
}

/** A text member; anything else counts as absent. */
export function textIn(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A moment in one form (RFC 3339); what is none counts as absent. */
export function timeIn(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  const time = new Date(
    typeof value === "number" ? value * 1000 : (textIn(object, name) ?? ""),
  );
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}
