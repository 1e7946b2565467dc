/** What goes back on the wire. A HEAD sends the length of `body` and not the body. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** One request as handlers see it. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** the origin this registry is asked at, `http://127.0.0.1:PORT` */
  readonly origin: string;
  readBody(): Promise<Uint8Array>;
}

const statuses: Readonly<Record<string, number>> = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 404,
  BLOB_UPLOAD_UNKNOWN: 404,
  DENIED: 403,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 400,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  PAGINATION_NUMBER_INVALID: 400,
  PRECONDITION: 412,
  RANGE_INVALID: 416,
  SIZE_INVALID: 400,
  TAG_INVALID: 400,
  UNAUTHORIZED: 401,
  UNSUPPORTED: 405,
};

/** One entry of the `errors` list of the spec. */
export interface SpecError {
  readonly code: string;
  readonly message: string;
  readonly detail?: unknown;
}

/** An error body as the spec wants it; the status follows from the first code. */
export function failure(...errors: readonly SpecError[]): Answer {
  const status = statuses[errors[0]?.code ?? ""] ?? 500;
  return json(status, { errors });
}

/** A JSON body. */
export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** A method that the path does not know, as Go says it. */
export const methodNotAllowed: Answer = {
  status: 405,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: Buffer.from("Method Not Allowed\n"),
};

/** A path that the router does not know, as Go says it. */
export const pageNotFound: Answer = {
  status: 404,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body: Buffer.from("404 page not found\n"),
};
