import { isObject, type Json, type JsonObject } from "../../../oci/json";
import { memberOf } from "./parts";

/**
 * The branch that a tag was made from, as slsa-framework's generators record it from GitHub's event: `refs/heads/main`. Only pushes
 * and releases say so.
 */
export function branchOfTag(environment: JsonObject): string | undefined {
  const base = textOf(variable(environment, "base_ref"));
  if (base !== undefined) return base;
  const payload = memberOf(environment, nameOf(environment, "event_payload"));
  switch (variable(environment, "event_name")) {
    case "push":
      return textOf(payload["base_ref"]);
    case "release": {
      const { release } = payload;
      const name = isObject(release) ? textOf(release["target_commitish"]) : "";
      return name ? `refs/heads/${name}` : undefined;
    }
    default:
      return undefined;
  }
}

function variable(environment: JsonObject, name: string): Json | undefined {
  return environment[nameOf(environment, name)];
}

/** Older generators write these names small. */
function nameOf(environment: JsonObject, name: string): string {
  const small = `github_${name}`;
  return Object.hasOwn(environment, small) ? small : small.toUpperCase();
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
