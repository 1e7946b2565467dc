import { type RecordedRequest } from "../registry/recorder";
import { routeOf } from "../registry/route";
import { hashOf, type Canaries } from "./canaries";

/** One request as a fault proxy or another actor saw it. Secrets in its headers are hashed. */
export interface Entry extends RecordedRequest {
  /** where it was asked */
  readonly origin: string;
  /** the rule that it fell to, by name */
  rule?: string;
  /** hash of its credential */
  readonly credential?: string;
  /** secrets that do not belong here, hashed */
  strays: readonly string[];
}

const secretHeaders = new Set([
  "authorization",
  "cookie",
  "proxy-authorization",
  "x-registry-auth",
]);

/** What somebody asked, as it came in. */
export interface Arrived {
  readonly origin: string;
  readonly at: number;
  readonly method: string;
  /** path and query */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Writes a request down before it is answered. */
export function entryOf(arrived: Arrived, canaries?: Canaries): Entry {
  const { origin, at, method, target, headers } = arrived;
  const url = new URL(target, origin);
  const { authorization } = headers;
  const seen = [target, ...Object.values(headers)].join("\n");
  return {
    origin,
    at,
    method,
    path: url.pathname,
    query: url.search.slice(1),
    headers: hidden(headers),
    ...(authorization === undefined
      ? {}
      : {
          authorization: { scheme: authorization.split(" ")[0] ?? "" },
          credential: hashOf(authorization),
        }),
    scopesAsked: url.searchParams.getAll("scope"),
    kind: routeOf(url.pathname).kind,
    strays: canaries?.strayedTo(origin, seen) ?? [],
    status: 0,
    requestBytes: 0,
    responseBytes: 0,
    durationMs: 0,
    misbehaved: false,
  };
}

function hidden(
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      secretHeaders.has(name) ? hashOf(value) : value,
    ]),
  );
}

/** One line for a person: `GET /v2/… 200 (cut)`. */
export function lineOf(entry: Entry): string {
  const query = entry.query === "" ? "" : `?${entry.query}`;
  const rule = entry.rule === undefined ? "" : ` (${entry.rule})`;
  const ms = Math.round(entry.at);
  const line = `${ms} ${entry.origin} ${entry.method} ${entry.path}${query} ${entry.status}${rule}`;
  return line.replace(/([0-9a-f]{8})[0-9a-f]{56}/g, "$1…");
}
