import { until } from "../../../lifecycle/until";
import { answering, ask, opening, ok, startRaw, textOf } from "./rawServer";

const open = opening();

const lost = { fault: "unreachable", code: "NETWORK" };

describe("connections", () => {
  test("one that the server closed while it lay idle is replaced, without a word, for a read", async () => {
    const server = await startRaw((socket, said) => {
      const requests = said.split("\r\n\r\n").length - 1;
      if (requests === 1) socket.write(ok("hello"));
      else socket.destroy();
    });
    const network = open(server);
    for (let nth = 0; nth < 3; nth++)
      await expect(textOf(await ask(network, server))).resolves.toBe("hello");
  });

  test("nothing but a read is sent twice", async () => {
    const server = await startRaw((socket, said) => {
      const requests = said.split("\r\n\r\n").length - 1;
      if (requests === 1) socket.write(ok("hello"));
      else socket.destroy();
    });
    const network = open(server);
    await textOf(await ask(network, server));
    await expect(
      ask(network, server, { method: "POST" }),
    ).rejects.toMatchObject(lost);
    expect(server.heard.join("").match(/POST/g)).toHaveLength(1);
  });

  test("after one was lost so, the next requests get fresh ones", async () => {
    const server = await startRaw((socket) => socket.end(ok("hello")));
    const network = open(server);
    const post = () => ask(network, server, { method: "POST" });
    const outcomes: string[] = [];
    for (let nth = 0; nth < 6; nth++)
      outcomes.push(await post().then(textOf, (error) => String(error.code)));
    expect(outcomes.filter((one) => one === "NETWORK").length).toBeLessThan(2);
  });

  test("a new one that is closed without an answer is an error at once", async () => {
    const server = await startRaw((socket) => socket.destroy());
    await expect(ask(open(server), server)).rejects.toMatchObject(lost);
    expect(server.heard).toHaveLength(1);
  });

  test("an idle one is closed by us in time", async () => {
    const server = await answering(ok("hello"));
    const network = open(server, { limits: { keepAliveMs: 50 } });
    await textOf(await ask(network, server));
    await server.ended();
  });

  test("there are no more than 80 to an origin; who comes later waits, and may give up", async () => {
    const server = await startRaw(() => undefined);
    const network = open(server);
    const asked = Array.from({ length: 100 }, () => ask(network, server));
    const settled = Promise.allSettled(asked);
    const stop = new AbortController();
    const impatient = ask(network, server, { signal: stop.signal });
    stop.abort();
    await expect(impatient).rejects.toMatchObject({ code: "CANCELLED" });
    const heard = () => server.heard.join("").match(/GET/g)?.length;
    await until(() => heard() === 80);
    for (const socket of server.sockets) socket.write(ok(""));
    await until(() => heard() === 100);
    expect(server.sockets.length).toBe(80);
    await network.close();
    const outcomes = await settled;
    const failed = outcomes.filter(({ status }) => status === "rejected");
    expect(failed.length).toBeLessThanOrEqual(20);
  });

  test("W16: letting a short rest go keeps the connection, letting a long one go closes it", async () => {
    const server = await answering(
      ok("x".repeat(1000)),
      `HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n${"x".repeat(200_000)}`,
    );
    const network = open(server);
    await (await ask(network, server)).discard();
    await (await ask(network, server)).discard();
    expect(server.heard).toHaveLength(1);
    await server.ended();
  });

  test("a reader that leaves in the middle closes the connection", async () => {
    const server = await answering(
      `HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n${"x".repeat(200_000)}`,
    );
    const response = await ask(open(server), server);
    for await (const _ of response.body) break;
    await server.ended();
  });

  test("N65: a request that is cancelled within its body ends at once, and its socket too", async () => {
    const server = await answering(
      "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
    );
    const stop = new AbortController();
    const { signal } = stop;
    const response = await ask(open(server), server, { signal });
    const reading = textOf(response);
    stop.abort();
    await expect(reading).rejects.toMatchObject({ code: "CANCELLED" });
    await server.ended();
  });

  test("nobody answers after the network was closed", async () => {
    const server = await startRaw(() => undefined);
    const network = open(server);
    const asked = ask(network, server);
    await until(() => server.sockets.length === 1);
    await network.close();
    await expect(asked).rejects.toMatchObject(lost);
  });
});
