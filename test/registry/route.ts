import type { RequestKind } from "./recorder";

/** What a path asks about. */
export interface Route {
  readonly kind: RequestKind;
  readonly name: string;
  /** a tag or digest, or the id of an upload */
  readonly reference: string;
}

const name = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const repository = `(${name}(?:/${name})*)`;
const shapes: readonly (readonly [RequestKind, RegExp])[] = [
  ["ping", /^\/v2\/?$/],
  ["token", /^\/token$/],
  ["catalog", /^\/v2\/_catalog$/],
  ["upload", new RegExp(`^/v2/${repository}/blobs/uploads/([^/]*)$`)],
  ["upload", new RegExp(`^/v2/${repository}/blobs/uploads$`)],
  ["tags", new RegExp(`^/v2/${repository}/tags/list$`)],
  ["referrers", new RegExp(`^/v2/${repository}/referrers/([^/]+)$`)],
  ["blob", new RegExp(`^/v2/${repository}/blobs/([^/]+)$`)],
  ["manifest", new RegExp(`^/v2/${repository}/manifests/([^/]+)$`)],
];

/** Reads a path; whatever is not in the spec is `other`. */
export function routeOf(path: string): Route {
  for (const [kind, shape] of shapes) {
    const match = shape.exec(path);
    if (match) return { kind, name: match[1] ?? "", reference: match[2] ?? "" };
  }
  return { kind: "other", name: "", reference: "" };
}
