import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** How a host fails to come to an end. */
export type Badness = keyof typeof bad;

const bad = {
  "says nothing": () => undefined,
  "drips its head": (socket: Socket) => {
    socket.write("HTTP/1.1 200 OK\r\nx-drip: ");
    return () => socket.write("x");
  },
  "tells of early hints for ever": (socket: Socket) => () =>
    socket.write("HTTP/1.1 103 Early Hints\r\nx-a: b\r\n\r\n"),
  "drips its body": (socket: Socket) => {
    socket.write(
      "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.oci.image.index.v1+json\r\n\r\n{",
    );
    return () => socket.write(" ");
  },
  "never stops": (socket: Socket) => {
    socket.write(
      "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.oci.image.index.v1+json\r\n\r\n{",
    );
    const more = Buffer.alloc(1024 * 1024, " ");
    const pour = (): void => {
      while (socket.writable && socket.write(more));
    };
    socket.on("drain", pour);
    pour();
    return undefined;
  },
  "reads nothing more": () => undefined,
  "reads as slowly as it can": (_: Socket, request: IncomingMessage) => {
    request.pause();
    return () => void request.read();
  },
} satisfies Record<
  string,
  (socket: Socket, request: IncomingMessage) => (() => unknown) | undefined
>;

const everyMs = 20;

/** A registry and its token server, which is bad wherever the pattern fits `METHOD /path`. */
export async function badHost(
  does: Badness,
  where: RegExp,
): Promise<{ readonly host: string; close(): Promise<void> }> {
  const timers: NodeJS.Timeout[] = [];
  const server = createServer((request, response) => {
    const { socket, method, url = "" } = request;
    socket.on("error", () => undefined); // whoever is given up hangs up
    if (where.test(`${method} ${url}`)) {
      const goOn = bad[does](socket, request);
      if (goOn) timers.push(setInterval(goOn, everyMs));
      return;
    }
    const { port } = server.address() as AddressInfo;
    const realm = `http://127.0.0.1:${port}/token`;
    const [status, headers] =
      method === "POST"
        ? [202, { location: "/v2/a/b/blobs/uploads/1" }]
        : where.test("GET /token")
          ? [401, { "www-authenticate": `Bearer realm="${realm}"` }]
          : [404, {}];
    response.writeHead(status, headers as Record<string, string>).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    host: `127.0.0.1:${portOf(server)}`,
    close: async () => {
      timers.forEach(clearInterval);
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
