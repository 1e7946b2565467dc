import type { lookup } from "node:dns";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { openNetwork } from "../../../provider/stores/registry/wire/send";
import { leaks, world } from "../stores/gateWorld";
import { mirrorUser } from "../stores/opened";
import type { Reply } from "../stores/script";

const running: (() => unknown)[] = [];
afterEach(() => Promise.all(running.splice(0).map((close) => close())));

test("W133: storage that a registry redirects to gets no token fetched, whatever it challenges us with", async () => {
  const wide = `Bearer realm="https://reg.example/token",service="reg.example",error="insufficient_scope",scope="repository:other/secret:pull,push"`;
  const { ask, tokens, script } = world({
    credential: mirrorUser,
    answer: ({ url, headers }): Reply | undefined => {
      if (url.origin === "https://evil.example")
        return { status: 403, headers: { "www-authenticate": wide } };
      if (url.pathname !== "/v2/team/app/blobs/x") return undefined;
      return headers["authorization"] === undefined
        ? undefined
        : {
            status: 307,
            headers: { location: "https://evil.example/blob" },
          };
    },
  });
  await expect(ask({ path: "/v2/team/app/blobs/x" })).resolves.toMatchObject({
    status: 403,
  });
  expect(tokens().map(({ url }) => url.searchParams.get("scope"))).toEqual([
    "repository:team/app:pull",
  ]);
  expect(leaks(script)).toEqual([]);
  await ask();
  expect(tokens()).toHaveLength(1);
});

type Answers = Readonly<Record<string, readonly (readonly string[])[]>>;

/** A name server that answers each name in turn, the last answer again and again. */
function naming(answers: Answers, before?: () => void): typeof lookup {
  const asked = new Map<string, number>();
  const resolve = (
    name: string,
    _: unknown,
    done: (error: null, found: { address: string; family: number }[]) => void,
  ): void => {
    const nth = asked.get(name) ?? 0;
    asked.set(name, nth + 1);
    if (name === "reg.test") before?.();
    const addresses = answers[name]?.[nth] ?? answers[name]?.at(-1) ?? [];
    done(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    );
  };
  return resolve as unknown as typeof lookup;
}

const inside = { "inside.test": [["10.0.0.7"]] };

test.each<[string, readonly (readonly string[])[]]>([
  ["a public and a private address at once", [["192.0.2.1", "10.0.0.1"]]],
  ["a private address after a public one", [["192.0.2.1"], ["10.0.0.1"]]],
])(
  "N06: a registry whose name has %s leads us to no private address",
  async (_, addresses) => {
    let stop = new AbortController();
    const network = openNetwork({
      registries: [],
      environment: {},
      // given up before anybody is dialled
      resolve: naming({ ...inside, "reg.test": addresses }, () => stop.abort()),
    });
    running.push(() => network.close());
    const send = (url: URL, ledBy?: URL) => {
      stop = new AbortController();
      return network.send(
        { method: "GET", url, headers: {}, ...(ledBy && { ledBy }) },
        stop.signal,
      );
    };
    const home = new URL("https://reg.test/v2/");
    for (let nth = 0; nth < 2; nth++)
      await expect(send(home)).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(
      send(new URL("https://inside.test/secret"), home),
    ).rejects.toMatchObject({ code: "REDIRECT_REFUSED" });
  },
);

test("N28: however many hosts we are led to, no more connections stay open than are of use", async () => {
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.end("hello"));
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  running.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const hosts = Array.from({ length: 400 }, (_, nth) => `h${nth}.test`);
  const network = openNetwork({
    registries: hosts.map((name) => ({
      host: `${name}:${port}`,
      plainHttp: true,
    })),
    environment: {},
    resolve: naming(
      Object.fromEntries(hosts.map((name) => [name, [["127.0.0.1"]]])),
    ),
    limits: { keepAliveMs: 60_000 },
  });
  running.push(() => network.close());
  for (const name of hosts) {
    const url = new URL(`http://${name}:${port}/`);
    const response = await network.send(
      { method: "GET", url, headers: {} },
      AbortSignal.timeout(10_000),
    );
    await response.discard();
  }
  await new Promise((done) => setImmediate(done));
  expect(sockets.size).toBeLessThan(280);
});
