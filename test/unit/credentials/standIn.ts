import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { Reach, Request, Response } from "../../../provider/mirror/ports";

/** One request as it came over the wire. */
export interface Seen {
  readonly method: string;
  /** `https://host/path`, as it was asked for */
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly form: Readonly<Record<string, string>>;
  readonly ledBy: Request["ledBy"];
}

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** A server that stands for every host of a cloud: reached over a real socket, whatever name was asked for. */
export interface StandIn {
  readonly seen: readonly Seen[];
  readonly reach: (signal?: AbortSignal) => Reach;
  readonly pass: (milliseconds: number) => void;
  close(): Promise<void>;
}

/** Starts stand-ins, and closes them after the test. */
export function useStandIn(): typeof standIn {
  const open: StandIn[] = [];
  afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));
  return async (answer) => {
    const started = await standIn(answer);
    open.push(started);
    return started;
  };
}

/** `answer` says nothing at all where it returns `undefined`. */
async function standIn(
  answer: (request: Seen) => Answer | undefined,
): Promise<StandIn> {
  const seen: Seen[] = [];
  const led: Request["ledBy"][] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const { "x-protocol": protocol, ...headers } = request.headers;
      const one: Seen = {
        method: request.method ?? "",
        url: `${String(protocol)}//${headers.host}${request.url}`,
        headers,
        body,
        form: Object.fromEntries(new URLSearchParams(body)),
        ledBy: led.shift(),
      };
      seen.push(one);
      const reply = answer(one);
      if (reply === undefined) return;
      response
        .writeHead(reply.status ?? 200, {
          "content-type": "application/json",
          ...reply.headers,
        })
        .end(JSON.stringify(reply.json));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  let now = Date.now();
  return {
    seen,
    reach: (signal = new AbortController().signal) => ({
      send: (request, until) => {
        led.push(request.ledBy);
        return sendTo(port, request, until);
      },
      signal,
      now: () => new Date(now),
    }),
    pass: (milliseconds) => {
      now += milliseconds;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function sendTo(
  port: number,
  { method, url, headers, body }: Request,
  signal: AbortSignal,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        port,
        host: "127.0.0.1",
        method,
        path: `${url.pathname}${url.search}`,
        headers: { ...headers, host: url.host, "x-protocol": url.protocol },
        signal,
      },
      (answer) =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: answer,
          discard: async () => void answer.destroy(),
        }),
    );
    request.on("error", reject);
    request.end(body instanceof Uint8Array ? body : undefined);
  });
}
