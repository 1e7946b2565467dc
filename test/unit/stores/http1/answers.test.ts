import { setTimeout as later } from "node:timers/promises";
import { answering, ask, opening, ok, startRaw, textOf } from "./rawServer";

const open = opening();

const broken = { fault: "corrupt", code: "PROTOCOL" };
const lost = { fault: "unreachable", code: "NETWORK" };

test.each([
  ["whole", (text: string) => [text]],
  ["byte by byte", (text: string) => [...text]],
])("an answer that comes %s is read", async (_, cut) => {
  const text = "HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 5\r\n\r\nhello";
  const server = await startRaw(async (socket) => {
    for (const piece of cut(text)) {
      socket.write(piece);
      await later(0);
    }
  });
  const response = await ask(open(server), server);
  expect(response.status).toBe(200);
  expect(response.headers["x-a"]).toBe("b");
  await expect(textOf(response)).resolves.toBe("hello");
});

test.each([
  [
    "chunked",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
  ],
  ["of known length", ok("hello")],
  [
    "behind interim answers",
    `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 C\r\n\r\n${ok("hello")}`,
  ],
])("an answer %s is read, and its connection used again", async (_, text) => {
  const server = await answering(text);
  const network = open(server);
  for (let nth = 0; nth < 3; nth++)
    await expect(textOf(await ask(network, server))).resolves.toBe("hello");
  expect(server.heard).toHaveLength(1);
});

test("an answer that ends with its connection is read to there", async () => {
  const server = await startRaw((socket) =>
    socket.end("HTTP/1.1 200 OK\r\n\r\nhello"),
  );
  const network = open(server);
  for (let nth = 0; nth < 2; nth++)
    await expect(textOf(await ask(network, server))).resolves.toBe("hello");
  expect(server.heard).toHaveLength(2);
});

test.each([
  [
    "a length and a coding",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
  ],
  [
    "two lengths",
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
  ],
  ["an obs-fold", "HTTP/1.1 200 OK\r\nX: y\r\n z\r\nContent-Length: 1\r\n\r\n"],
  ["no HTTP at all", "SSH-2.0-OpenSSH_9.2\r\n\r\n"],
  ["a head without end", `HTTP/1.1 200 OK\r\nX: ${"y".repeat(20_000)}`],
  ["interim answers without end", "HTTP/1.1 100 C\r\n\r\n".repeat(20)],
  ["another protocol", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"],
])("N50: %s is a connection error", async (_, text) => {
  const server = await answering(text);
  await expect(ask(open(server), server)).rejects.toMatchObject(broken);
  await server.ended();
});

test("N50: a broken chunk is an error of the body, and the connection is closed", async () => {
  const server = await answering(
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\nzz\r\n",
  );
  const response = await ask(open(server), server);
  await expect(textOf(response)).rejects.toMatchObject(broken);
});

test("a body that is cut is an error, after what came of it", async () => {
  const server = await startRaw((socket) =>
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"),
  );
  const response = await ask(open(server), server);
  const came: string[] = [];
  const reading = (async () => {
    for await (const chunk of response.body) came.push(String(chunk));
  })();
  await expect(reading).rejects.toMatchObject(lost);
  expect(came.join("")).toBe("hello");
});

const chunked =
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
test.each([
  ["of known length", ok("hello")],
  ["that is chunked", chunked],
])(
  "N50: what comes behind an answer %s belongs to nobody: that connection is not used again",
  async (_, text) => {
    const server = await answering(`${text}${ok("smuggled")}`);
    const network = open(server);
    for (let nth = 0; nth < 2; nth++)
      await expect(textOf(await ask(network, server))).resolves.toBe("hello");
    expect(server.heard).toHaveLength(2);
  },
);

test("N50: what a server says unasked is not taken for the next answer", async () => {
  const server = await answering(ok("hello"));
  const network = open(server);
  await expect(textOf(await ask(network, server))).resolves.toBe("hello");
  server.sockets[0]?.write(ok("smuggled"));
  await server.ended();
  await expect(textOf(await ask(network, server))).resolves.toBe("hello");
  expect(server.heard).toHaveLength(2);
});

test("a HEAD has no body, whatever length it names", async () => {
  const server = await answering(
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
  );
  const network = open(server);
  for (let nth = 0; nth < 2; nth++)
    await expect(
      textOf(await ask(network, server, { method: "HEAD" })),
    ).resolves.toBe("");
  expect(server.heard).toHaveLength(1);
});

describe("W15: a silent host", () => {
  const limits = { headersMs: 100, idleMs: 100, connectMs: 100 };

  test.each([
    ["says nothing", ""],
    ["stops within its head", "HTTP/1.1 200 OK\r\nX: "],
  ])("that %s is given up", async (_, text) => {
    const server = await answering(text);
    await expect(ask(open(server, { limits }), server)).rejects.toMatchObject(
      lost,
    );
  });

  test("that drips its head is given up, though it is never silent for long", async () => {
    const server = await startRaw(async (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nX: ");
      while (!socket.destroyed) {
        socket.write("y");
        await later(10);
      }
    });
    const begin = performance.now();
    await expect(ask(open(server, { limits }), server)).rejects.toMatchObject(
      lost,
    );
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  test("that stops within a body is given up, and what came is handed on", async () => {
    const server = await answering(
      "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
    );
    const response = await ask(open(server, { limits }), server);
    await expect(textOf(response)).rejects.toMatchObject(lost);
  });

  test("that does not shake hands is given up", async () => {
    const server = await answering("");
    const network = open(server, { limits });
    const url = new URL(`https://${server.host}/`);
    await expect(ask(network, server, { url })).rejects.toMatchObject(lost);
  });
});

test("a body that comes slowly is handed on as it comes, so that the throughput rule sees it", async () => {
  const server = await startRaw(async (socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    for (let nth = 0; nth < 14 && !socket.destroyed; nth++) {
      socket.write("x");
      await later(100);
    }
  });
  const response = await ask(open(server), server, { inPassing: true });
  const [first] = [await response.body[Symbol.asyncIterator]().next()];
  expect(first.done).toBe(false);
  await response.discard();
});
