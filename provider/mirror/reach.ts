/** One request on the wire. Header names are lower case. */
export interface Request {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
  /**
   * The origin whose answer led here (redirect, token realm, upload location), or `"certificate"` where a certificate names
   * the URL: such a one may be asked in clear, and only at a public address. `"machine"` is its own metadata service, which is asked
   * in clear, past every proxy, and only at a loopback or link-local address. Absent where the user named the host (registry.md §3.2).
   */
  readonly ledBy?: URL | "certificate" | "machine";
  /** The reader takes the answer's chunks in passing: the memory of each may be used again once four more were asked for. */
  readonly inPassing?: true;
}

/** One answer. `body` must be read to its end or destroyed by `discard`. Header names are lower case. */
export interface Response {
  readonly status: number;
  readonly headers: Readonly<
    Record<string, string | readonly string[] | undefined>
  >;
  readonly body: AsyncIterable<Uint8Array>;
  discard(): Promise<void>;
}

/** Sends exactly one request and follows nothing. Throws only when no answer came. */
export type Send = (request: Request, signal: AbortSignal) => Promise<Response>;

/** Something that a user should see and that is no answer: that we wait and for whom, or what a registry warns of. */
export interface Notice {
  readonly kind: "waiting" | "warning";
  readonly text: string;
}

/** What one Pulumi call may reach: the network, its cancellation, the clock. Nobody below opens a socket or asks the time. */
export interface Reach {
  readonly send: Send;
  readonly signal: AbortSignal;
  now(): Date;
  /** Absent where nobody listens. */
  notice?(notice: Notice): void;
}

/** The same reach, given up after `milliseconds`. */
export function within(reach: Reach, milliseconds: number): Reach {
  return {
    ...reach,
    signal: AbortSignal.any([reach.signal, AbortSignal.timeout(milliseconds)]),
  };
}
