import { Readable } from "node:stream";
import type { ConnectionOptions } from "node:tls";
import type { Dispatcher } from "undici";
import type { Request, Response } from "../../../mirror/ports";

/** The way through a proxy, for which undici knows the tunnels. */
export async function openProxy(
  proxy: URL,
  by: {
    /** for the host behind the proxy */
    readonly tls: ConnectionOptions;
    readonly proxyTls: ConnectionOptions;
    readonly connections: number;
    readonly connectMs: number;
  },
): Promise<Dispatcher> {
  const { ProxyAgent } = await import("undici"); // 170 ms that no port line needs to wait for
  return new ProxyAgent({
    uri: proxy.href,
    connections: by.connections,
    allowH2: false,
    proxyTls: { ...by.proxyTls, timeout: by.connectMs },
    requestTls: { ...by.tls, timeout: by.connectMs },
  });
}

/** One request by undici. Whoever left the body does not care how it ended. */
export async function askThrough(
  dispatcher: Dispatcher,
  request: Request,
  by: {
    readonly signal: AbortSignal;
    readonly headersMs: number;
    readonly idleMs: number;
    readonly discardMs: number;
  },
): Promise<Response> {
  const { url, method, headers, body } = request;
  const answer = await dispatcher.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method,
    headers: { "user-agent": "pulumi-artifact-mirror", ...headers },
    ...(body === undefined
      ? {}
      : {
          body:
            body instanceof Uint8Array
              ? body
              : Readable.from(copies(body), { objectMode: false }),
        }),
    signal: by.signal,
    reset: false, // else undici closes the connection after every HEAD
    headersTimeout: by.headersMs,
    bodyTimeout: by.idleMs,
  });
  answer.body.on("error", () => undefined); // whoever reads sees it; whoever left does not care
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.body,
    discard: async () => {
      const briefly = AbortSignal.timeout(by.discardMs); // a new connection costs less than an answer that drips
      await answer.body
        .dump({ limit: 128 * 1024, signal: briefly })
        .catch(() => undefined);
      answer.body.destroy();
    },
  };
}

/** undici keeps more chunks at once than a source leaves alone. */
async function* copies(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) yield Buffer.from(chunk);
}
