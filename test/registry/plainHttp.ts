import * as http from "node:http";

/** What came back, read to its end. Header names are lower case. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** whether the connection broke before the body's end */
  readonly cut: boolean;
}

/** What to send; `path` may be a whole URL. */
export interface PlainRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Sends one request with node:http alone, following nothing, so that a registry is judged apart from our own client. */
export function ask(
  origin: string,
  wanted: PlainRequest,
): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      new URL(wanted.path, origin),
      { method: wanted.method ?? "GET", headers: wanted.headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        const finish = (cut: boolean) =>
          resolve({
            status: response.statusCode ?? 0,
            headers: joined(response.headers),
            body: Buffer.concat(chunks),
            cut,
          });
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => finish(false));
        response.on("error", () => finish(true));
      },
    );
    request.on("error", reject);
    request.setTimeout(20_000, () => request.destroy(new Error("timeout")));
    request.end(wanted.body ?? "");
  });
}

/** The codes of an answer's `errors` list, in order; empty where there is none. */
export function errorCodes(answer: PlainAnswer): readonly string[] {
  try {
    const value = JSON.parse(answer.body.toString("utf8")) as {
      errors?: readonly { code: string }[];
    };
    return (value.errors ?? []).map((one) => one.code);
  } catch {
    return [];
  }
}

function joined(headers: http.IncomingHttpHeaders): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) found[name] = String(value);
  }
  return found;
}
