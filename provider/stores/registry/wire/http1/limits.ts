import type { Request } from "../../../../mirror/ports";

/** How long a host may be silent, and how long a connection waits for the next request. */
export interface Limits {
  readonly connectMs: number;
  /** from the end of the request to the end of the answer's head */
  readonly headersMs: number;
  /** the same for what ends an upload: a registry may have gigabytes to put in their place */
  readonly commitMs: number;
  /** between two pieces of a body */
  readonly idleMs: number;
  readonly keepAliveMs: number;
}

/** How long the head of an answer may take. */
export function answerMs({ method, url }: Request, limits: Limits): number {
  const isCommit = method === "PUT" && url.searchParams.has("digest");
  return isCommit ? limits.commitMs : limits.headersMs;
}
