import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import type { Request, Response } from "../../../../provider/mirror/ports";
import {
  openNetwork,
  type Network,
  type NetworkOptions,
} from "../../../../provider/stores/registry/wire/send";

/** A server that answers whatever bytes it is told to. */
export interface RawServer {
  readonly host: string;
  /** all that came, connection by connection */
  readonly heard: readonly string[];
  readonly sockets: readonly Socket[];
  /** Waits until our end of the first connection is closed. */
  ended(): Promise<void>;
  close(): Promise<void>;
}

/** `answer` is called with each piece that comes, and with all that came on the connection so far. */
export async function startRaw(
  answer: (socket: Socket, said: string, nth: number) => unknown,
): Promise<RawServer> {
  const heard: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const nth = sockets.push(socket);
    heard.push("");
    socket.on("error", () => undefined);
    socket.on("data", (bytes: Buffer) => {
      heard[nth - 1] += bytes.toString("latin1");
      answer(socket, heard[nth - 1] ?? "", nth);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    heard,
    sockets,
    ended: async () => {
      const [socket] = sockets;
      if (socket === undefined || socket.destroyed) return;
      await new Promise((done) => socket.once("close", done));
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}

/** A server that answers each request, however it comes, with the next of these texts, and the last again and again. */
export function answering(...texts: readonly string[]): Promise<RawServer> {
  let nth = 0;
  return startRaw((socket, said) => {
    if (!said.endsWith("\r\n\r\n")) return;
    socket.write(texts[nth] ?? texts.at(-1) ?? "", "latin1");
    nth += 1;
  });
}

export const ok = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** A network that may speak plain HTTP to the host. */
export function networkTo(
  { host }: Pick<RawServer, "host">,
  more: Partial<NetworkOptions> = {},
): Network {
  return openNetwork({
    registries: [{ host, plainHttp: true }],
    environment: {},
    ...more,
  });
}

/** Opens networks to servers, and closes both after each test. */
export function opening(): (
  server: RawServer,
  more?: Partial<NetworkOptions>,
) => Network {
  const running: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of running.splice(0).reverse()) await one.close();
  });
  return (server, more) => {
    const network = networkTo(server, more);
    running.push(server, network);
    return network;
  };
}

const patientSignal = new AbortController().signal;

export function ask(
  network: Network,
  { host }: Pick<RawServer, "host">,
  more: Partial<Request> & { readonly signal?: AbortSignal } = {},
): Promise<Response> {
  const { signal = patientSignal, ...request } = more;
  const url = new URL(`http://${host}/v2/`);
  return network.send({ method: "GET", url, headers: {}, ...request }, signal);
}

export async function textOf(response: Response): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response.body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("latin1");
}
