import { setTimeout as later } from "node:timers/promises";
import {
  answering,
  ask,
  opening,
  ok,
  startRaw,
  textOf,
  type RawServer,
} from "./rawServer";

const open = opening();

const lost = { fault: "unreachable", code: "NETWORK" };

async function* chunksOf(
  ...texts: readonly string[]
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const text of texts) yield Buffer.from(text);
}

function put(length: number, body: AsyncIterable<Uint8Array>) {
  const headers = { "content-length": String(length) };
  return { method: "PUT" as const, headers, body };
}

/** Answers when so many bytes of a body have come. */
function afterBody(bytes: number, text: string): Promise<RawServer> {
  return startRaw((socket, said) => {
    const at = said.lastIndexOf("\r\n\r\n");
    if (said.length - at - 4 >= bytes) socket.write(text);
  });
}

test("a request is written as HTTP/1.1 says, with its length", async () => {
  const server = await afterBody(2, ok(""));
  const network = open(server);
  const url = new URL(`http://${server.host}/v2/a%20b?x=%0d%0a&y=1`);
  await textOf(
    await ask(network, server, {
      method: "POST",
      url,
      headers: { "content-type": "a/b" },
      body: Buffer.from("{}"),
    }),
  );
  expect(server.heard[0]).toBe(
    `POST /v2/a%20b?x=%0d%0a&y=1 HTTP/1.1\r\nhost: ${server.host}\r\nconnection: keep-alive\r\n` +
      "user-agent: pulumi-artifact-mirror\r\ncontent-type: a/b\r\ncontent-length: 2\r\n\r\n{}",
  );
});

test("a POST without a body says so, and a GET says nothing of one", async () => {
  const server = await answering(ok(""));
  const network = open(server);
  await textOf(await ask(network, server, { method: "POST" }));
  await textOf(await ask(network, server));
  expect(server.heard[0]).toMatch(/POST [^]*content-length: 0\r\n[^]*GET/);
  expect(server.heard[0]?.match(/content-length/g)).toHaveLength(1);
});

test.each<[string, Readonly<Record<string, string>>]>([
  ["CRLF in a value", { accept: "a\r\nx: y" }],
  ["LF in a value", { accept: "a\nx: y" }],
  ["NUL in a value", { accept: "a\u0000" }],
  ["a value beyond latin1", { accept: "ā" }],
  ["CRLF in a name", { "a\r\nb": "c" }],
  ["a space in a name", { "a b": "c" }],
  ["another host", { host: "other.example" }],
  ["a framing of its own", { "transfer-encoding": "chunked" }],
  ["another length than the body's", { "content-length": "5" }],
  ["a length that is none", { "content-length": "1e3" }],
])("N49: a request with %s is not sent", async (_, headers) => {
  const server = await answering(ok(""));
  await expect(ask(open(server), server, { headers })).rejects.toMatchObject({
    fault: "corrupt",
    code: "PROTOCOL",
  });
  expect(server.heard).toEqual([]);
});

describe("a body that streams", () => {
  test("is written whole, and its connection used again", async () => {
    const server = await afterBody(10, ok(""));
    const network = open(server);
    for (let nth = 0; nth < 2; nth++) {
      const body = chunksOf("hello", "", "world");
      await textOf(await ask(network, server, put(10, body)));
    }
    expect(server.heard).toHaveLength(1);
    expect(server.heard[0]).toMatch(/\r\n\r\nhelloworldPUT/);
  });

  test.each([
    ["longer", 4],
    ["shorter", 6],
  ])(
    "W88: that is %s than was said is an error, and the request never becomes whole",
    async (_, length) => {
      const server = await afterBody(length, ok(""));
      await expect(
        ask(open(server), server, put(length, chunksOf("hello"))),
      ).rejects.toMatchObject({ code: "PROTOCOL" });
      await later(20);
      expect(server.heard[0]?.split("\r\n\r\n")[1]?.length ?? 0).not.toBe(
        length,
      );
      expect(server.sockets[0]?.destroyed).toBe(true);
    },
  );

  test("whose source fails fails with that error, and the connection is closed", async () => {
    const server = await afterBody(10, ok(""));
    const source = (async function* () {
      yield Buffer.from("hello");
      throw new Error("the source broke");
    })();
    await expect(ask(open(server), server, put(10, source))).rejects.toThrow(
      /the source broke/,
    );
    await server.ended();
  });

  test.each([401, 413, 429])(
    "W89: an early %i is heard while it is sent, and the source is read no further",
    async (status) => {
      let isFirst = true;
      const server = await startRaw((socket) => {
        if (!isFirst) return;
        isFirst = false;
        socket.pause();
        socket.write(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`);
      });
      let given = 0;
      let isLeft = false;
      const source = (async function* () {
        try {
          for (; given < 2000; given++) yield Buffer.alloc(65_536);
        } finally {
          isLeft = true;
        }
      })();
      const network = open(server);
      const response = await ask(network, server, put(2000 * 65_536, source));
      expect(response.status).toBe(status);
      await expect(textOf(response)).resolves.toBe("no");
      server.sockets[0]?.resume();
      await server.ended();
      expect(isLeft).toBe(true);
      expect(given).toBeLessThan(1000);
    },
  );

  test("W89: is read no further from the moment of an early answer, though the server takes all and says the rest later", async () => {
    let isFirst = true;
    const server = await startRaw((socket) => {
      if (isFirst) socket.write("HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\n");
      isFirst = false;
    });
    let given = 0;
    let left = (): void => undefined;
    const isLeft = new Promise<void>((resolve) => (left = resolve));
    const source = (async function* () {
      try {
        for (; given < 5000; given++) yield Buffer.alloc(65_536);
      } finally {
        left();
      }
    })();
    const sent = put(5000 * 65_536, source);
    const response = await ask(open(server), server, sent);
    expect(response.status).toBe(413);
    await isLeft;
    expect(given).toBeLessThan(1000);
    await response.discard();
  });

  test("asks its source for no more than the server takes", async () => {
    const server = await startRaw((socket) => void socket.pause());
    let given = 0;
    const source = (async function* () {
      for (; given < 10_000; given++) yield Buffer.alloc(65_536);
    })();
    const stop = new AbortController();
    const asked = ask(open(server), server, {
      ...put(10_000 * 65_536, source),
      signal: stop.signal,
    });
    await later(300);
    expect(given).toBeLessThan(1000);
    stop.abort();
    await expect(asked).rejects.toMatchObject({ code: "CANCELLED" });
  });

  test("W15: is not given up because its source is slow, but because the server is", async () => {
    const limits = { headersMs: 400, idleMs: 400, commitMs: 400 };
    const server = await afterBody(10, ok(""));
    const slow = (async function* () {
      yield Buffer.from("hello");
      await later(1000);
      yield Buffer.from("world");
    })();
    const network = open(server, { limits });
    const response = await ask(network, server, put(10, slow));
    expect(response.status).toBe(200);
    await response.discard();
    const deaf = await startRaw((socket) => void socket.pause());
    const many = (async function* () {
      for (;;) yield Buffer.alloc(65_536);
    })();
    await expect(
      ask(open(deaf, { limits }), deaf, put(2 ** 40, many)),
    ).rejects.toMatchObject(lost);
  });
});

test("a registry may take longer to put an upload in its place than to answer", async () => {
  const server = await startRaw(async (socket) => {
    await later(250);
    socket.write(ok(""));
  });
  const network = open(server, { limits: { headersMs: 100 } });
  const url = new URL(`http://${server.host}/upload?digest=x`);
  const request = { url, ...put(1, chunksOf("x")) };
  const response = await ask(network, server, request);
  expect(response.status).toBe(200);
  await response.discard();
  await expect(
    ask(network, server, put(1, chunksOf("x"))),
  ).rejects.toMatchObject(lost);
});
