import type { lookup } from "node:dns";
import { createServer, type ServerOptions } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { selfSigned, type SelfSigned } from "../../../registry/certificate";

/** An https server that counts the requests which it got to hear. */
export interface TlsServer {
  readonly host: string;
  readonly port: number;
  readonly heard: readonly IncomingMessage["headers"][];
  /** whether each connection took up an earlier session */
  readonly resumed: readonly boolean[];
  readonly identity: SelfSigned;
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export async function startTls(
  options: ServerOptions & {
    readonly validDays?: number;
    readonly answer?: Answer;
  } = {},
): Promise<TlsServer> {
  const { validDays, answer, ...more } = options;
  const identity = selfSigned(validDays);
  const heard: IncomingMessage["headers"][] = [];
  const resumed: boolean[] = [];
  const { key, certificate: cert } = identity;
  const server = createServer({ key, cert, ...more }, (request, response) => {
    heard.push(request.headers);
    if (answer) answer(request, response);
    else response.end("hello");
  });
  server.on("tlsClientError", () => undefined);
  server.on("secureConnection", (socket: TLSSocket) =>
    resumed.push(socket.isSessionReused()),
  );
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    port,
    heard,
    resumed,
    identity,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** A name server that knows these names, each with its addresses, or with the error that it answers. */
export function naming(
  names: Readonly<Record<string, readonly string[] | string>>,
): typeof lookup {
  const resolve = (
    name: string,
    _: unknown,
    done: (error: Error | null, found: object[]) => void,
  ): void => {
    const found = names[name] ?? "ENOTFOUND";
    if (typeof found === "string") {
      done(Object.assign(new Error(`${found} ${name}`), { code: found }), []);
      return;
    }
    done(
      null,
      found.map((address) => ({
        address,
        family: address.includes(":") ? 6 : 4,
      })),
    );
  };
  return resolve as unknown as typeof lookup;
}
