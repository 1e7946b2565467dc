import { isObject, type Json, type JsonObject } from "../../../oci/json";

/** What the build's user may have chosen. */
export interface WantedParameters {
  readonly allow?: readonly string[] | undefined;
  readonly equals?: Readonly<Record<string, string>> | undefined;
}

/** What of the external parameters is not as wanted, or undefined (T32). */
export function wrongParameter(
  parameters: JsonObject,
  { allow, equals = {} }: WantedParameters,
): string | undefined {
  const given = Object.keys(parameters);
  const unexpected = allow && given.find((name) => !allow.includes(name));
  if (unexpected !== undefined) {
    return `it has the parameter ${JSON.stringify(unexpected)}, which parameters.allow does not name`;
  }
  for (const [path, wanted] of Object.entries(equals)) {
    const seen = textAt(parameters, path);
    if (seen === wanted) continue;
    const has = seen === undefined ? "absent" : JSON.stringify(seen);
    return `its parameter ${path} is ${has}, wanted ${JSON.stringify(wanted)}`;
  }
  return undefined;
}

/** A text, or the JSON of anything else, at a path with dots. */
function textAt(parameters: JsonObject, path: string): string | undefined {
  let value: Json | undefined = parameters;
  for (const name of path.split(".")) {
    value = isObject(value) ? value[name] : undefined;
  }
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}
