/** What a request was about. `challenge` is anything answered 401. */
export type RequestKind =
  | "token"
  | "challenge"
  | "ping"
  | "manifest"
  | "blob"
  | "upload"
  | "referrers"
  | "tags"
  | "catalog"
  | "other";

/** `Authorization`, without its secret. */
export interface RecordedAuthorization {
  readonly scheme: string;
  /** the user, where it is Basic */
  readonly user?: string;
  /** what the bearer token grants, as `repository:name:pull,push`; absent for a token that is not ours */
  readonly scopes?: readonly string[];
}

/** One request as the registry saw it. `status` is 0 while it is under way, or where the socket was destroyed before an answer. */
export interface RecordedRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly authorization?: RecordedAuthorization;
  /** only of kind `token`: the scopes that were asked for, each as it came */
  scopesAsked?: readonly string[];
  kind: RequestKind;
  status: number;
  requestBytes: number;
  responseBytes: number;
  durationMs: number;
  /** whether the answer was spoilt by `misbehave` */
  misbehaved: boolean;
}

/** Every scope that a token was asked for, sorted, each once. */
export function scopesAsked(
  requests: readonly RecordedRequest[],
): readonly string[] {
  return [...new Set(requests.flatMap((one) => one.scopesAsked ?? []))].sort();
}

/** Everything that could have changed the registry: no GET, no HEAD, no token request. */
export function writes(
  requests: readonly RecordedRequest[],
): readonly RecordedRequest[] {
  return requests.filter(
    (one) =>
      one.method !== "GET" && one.method !== "HEAD" && one.kind !== "token",
  );
}

/** How many requests, as `HEAD manifest`: token and challenge requests are apart, under `token` and `challenge`. */
export function counts(
  requests: readonly RecordedRequest[],
): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const one of requests) {
    const apart = one.kind === "token" || one.kind === "challenge";
    const word = apart ? one.kind : `${one.method} ${one.kind}`;
    found[word] = (found[word] ?? 0) + 1;
  }
  return found;
}
