import type { Call } from "./answer";
import type { Route } from "./route";

/** An access as `repository:name:pull,push` says it, split. */
export interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** What distribution asks for: pull to read, pull and push to write, delete to delete, and pull on a mount's origin. */
export function needsOf(call: Call, route: Route): readonly Access[] {
  if (route.kind === "catalog") {
    return [{ type: "registry", name: "catalog", actions: ["*"] }];
  }
  if (route.name === "") return [];
  const actions =
    call.method === "GET" || call.method === "HEAD"
      ? ["pull"]
      : call.method === "DELETE"
        ? ["delete"]
        : ["pull", "push"];
  const own = { type: "repository", name: route.name, actions };
  const from = call.query.get("from");
  return from && route.kind === "upload"
    ? [own, { type: "repository", name: from, actions: ["pull"] }]
    : [own];
}

function parseAccess(scope: string): Access {
  const [type = "", ...rest] = scope.split(":");
  const actions = (rest.pop() ?? "").split(",").filter((one) => one !== "");
  return { type, name: rest.join(":"), actions };
}

/** The text of an access. */
export function formatAccess(access: Access): string {
  return `${access.type}:${access.name}:${access.actions.join(",")}`;
}

function matches(pattern: string, text: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${source.replaceAll("*", ".*")}$`).test(text);
}

function allowedActions(
  allows: readonly string[],
  asked: Access,
): readonly string[] {
  return asked.actions.filter((action) =>
    allows
      .map(parseAccess)
      .some(
        (one) =>
          matches(one.type, asked.type) &&
          matches(one.name, asked.name) &&
          (one.actions.includes("*") || one.actions.includes(action)),
      ),
  );
}

/** Whether granted scopes allow all that is needed. */
export function covers(granted: readonly string[], need: Access): boolean {
  return allowedActions(granted, need).length === need.actions.length;
}

/** The subset of the asked scopes that the user is allowed. */
export function grantedOf(
  asked: readonly string[],
  allows: readonly string[],
): readonly string[] {
  return asked
    .flatMap((one) => one.split(" "))
    .filter((one) => one !== "")
    .map(parseAccess)
    .map((one) => ({ ...one, actions: allowedActions(allows, one) }))
    .filter((one) => one.actions.length > 0)
    .map(formatAccess);
}
