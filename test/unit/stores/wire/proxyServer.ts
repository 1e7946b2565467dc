import { createServer, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

/** One request that a proxy saw. */
export interface Seen {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingMessage["headers"];
}

/** An HTTP proxy that tunnels everything to one place, and remembers what it saw. */
export interface ProxyServer {
  readonly url: string;
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

/** `password`: whoever comes without `user:password` is answered 407. `refusal`: everybody is answered so. */
export async function startProxy(options: {
  readonly to: string;
  readonly password?: string;
  readonly refusal?: number;
}): Promise<ProxyServer> {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const wanted =
    options.password === undefined
      ? undefined
      : `Basic ${Buffer.from(`user:${options.password}`).toString("base64")}`;
  const server = createServer((_, response) => response.writeHead(501).end());
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  server.on("connect", (request, socket: Socket) => {
    const { headers, method = "", url: target = "" } = request;
    seen.push({ method, target, headers });
    const status =
      options.refusal ??
      (wanted !== undefined && headers["proxy-authorization"] !== wanted
        ? 407
        : 200);
    socket.write(`HTTP/1.1 ${status} x\r\n\r\n`);
    if (status !== 200) return void socket.end();
    const port = Number(options.to.split(":")[1]);
    const onward = connect(port, "127.0.0.1");
    sockets.add(onward);
    onward.on("error", () => socket.destroy());
    onward.pipe(socket).pipe(onward);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}
