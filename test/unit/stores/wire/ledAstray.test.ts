import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { Request } from "../../../../provider/mirror/ports";
import { ReachFetcher } from "../../../../provider/verifiers/trust/reachFetcher";
import { ask as askRevocation } from "../../../../provider/verifiers/revocation/ask";
import { following } from "../../../../provider/stores/registry/wire/redirect";
import { openNetwork } from "../../../../provider/stores/registry/wire/send";
import { naming, startTls } from "./tlsServer";

/** Whoever knocks here was led astray. */
const knocks: string[] = [];
const door = createServer((socket) => {
  knocks.push("knock");
  socket.destroy();
});
let port: number;
beforeAll(async () => {
  await new Promise<void>((done) => door.listen(0, "127.0.0.1", done));
  port = (door.address() as AddressInfo).port;
});
afterAll(() => new Promise((done) => door.close(done)));
afterEach(() => expect(knocks).toEqual([]));

const nowhere = naming({
  "loopback.test": ["127.0.0.1"],
  "metadata.test": ["169.254.169.254"],
  "unspecified.test": ["0.0.0.0"],
  "mapped.test": ["::ffff:127.0.0.1"],
  "linklocal.test": ["fe80::1"],
  "inside.test": ["10.0.0.7"],
  "oneofmany.test": ["8.8.8.8", "127.0.0.1"],
});
const targets = [
  "loopback.test",
  "metadata.test",
  "unspecified.test",
  "mapped.test",
  "linklocal.test",
  "inside.test",
  "oneofmany.test",
  "127.0.0.1",
  "0.0.0.0",
  "[::]",
  "[::1]",
  "[::ffff:127.0.0.1]",
  "0x7f000001",
  "017700000001",
  "127.1",
  "169.254.169.254",
  "10.0.0.1",
  "[fe80::1]",
  "[fd00:ec2::254]",
  "localhost",
  "a.localhost",
];

const { signal } = new AbortController();

async function withNetwork<Result>(
  work: (network: ReturnType<typeof openNetwork>) => Promise<Result>,
  registries: Parameters<typeof openNetwork>[0]["registries"] = [],
): Promise<Result> {
  const network = openNetwork({
    registries,
    environment: {},
    resolve: nowhere,
    limits: { connectMs: 1000 },
  });
  try {
    return await work(network);
  } finally {
    await network.close();
  }
}

/** Who may lead us somewhere, and how we go there. */
const leaders: Readonly<Record<string, (host: string) => Promise<unknown>>> = {
  "a token server's address (N04, N05)": (host) =>
    withNetwork(({ send }) =>
      send(
        {
          method: "GET",
          url: new URL(`https://${host}:${port}/token`),
          headers: { authorization: "Basic canary" },
          ledBy: new URL("https://reg.example"),
        },
        signal,
      ),
    ),
  "a responder or a revocation list": (host) =>
    withNetwork(({ send }) =>
      askRevocation(
        { method: "GET", headers: {}, url: `http://${host}:${port}/list` },
        { timeoutMs: 5000, maxBytes: 1000 },
        { send, signal, now: () => new Date(0) },
      ),
    ),
  "the name of a repository of trusted roots": (host) =>
    withNetwork(({ send }) =>
      new ReachFetcher({ send, signal, now: () => new Date(0) }).fetch(
        `https://${host}:${port}/1.root.json`,
      ),
    ),
};

describe.each(Object.keys(leaders))("§3.2: by %s", (leader) => {
  test.each(targets)("nobody is led to %s", async (host) => {
    const led = leaders[leader]?.(host);
    await expect(led).rejects.toThrow(
      /we were led to the|leads to the|REDIRECT_REFUSED/,
    );
  });
});

describe("§3.2, N06: by a redirect", () => {
  // from one private place to another is allowed
  const away = targets.filter((host) => !/^(inside|10)\./.test(host));

  test.each(away)("nobody is led to %s", async (host) => {
    const registry = await startTls({
      answer: (_, response) =>
        response
          .writeHead(307, { location: `https://${host}:${port}/blob` })
          .end(),
    });
    const { certificate: caPem } = registry.identity;
    const request: Request = {
      method: "GET",
      url: new URL(`https://${registry.host}/v2/`),
      headers: { authorization: "Bearer canary" },
    };
    const outcome = withNetwork(
      ({ send }) => following(send, "follow")(request, signal),
      [{ host: registry.host, caPem }],
    );
    await expect(outcome).rejects.toMatchObject({ code: "REDIRECT_REFUSED" });
    await registry.close();
  });
});
