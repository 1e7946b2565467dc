import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { image } from "../../samples/artifacts";
import { inRegistry, put } from "../../samples/target";
import { blobsOf } from "../../../provider/oci/manifest";
import { counts } from "../../registry/recorder";
import { nodeOf, opened, referenceTo } from "./opened";
import { loggedIn, reader, useShop } from "./shop";

const { start, reading, copying } = useShop();

describe("a host over real sockets", () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  });

  async function serve(listener: RequestListener) {
    const open = new Set<Socket>();
    const seen = { open: 0, requests: 0 };
    const server = createServer((request, response) => {
      seen.requests += 1;
      listener(request, response);
    });
    servers.push(server);
    server.on("connection", (socket) => {
      open.add(socket);
      seen.open = Math.max(seen.open, open.size);
      socket.on("close", () => open.delete(socket));
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    return { host: `127.0.0.1:${port}`, seen };
  }

  test.each([
    ["whose words are read", 1000],
    ["whose words are longer than is read", 300_000],
  ])(
    "W16: 200 requests that fail six times each, %s, need no more sockets than the pool has",
    async (_, length) => {
      const { host, seen } = await serve((_request, response) => {
        response.writeHead(503, { "content-length": String(length) });
        response.end("x".repeat(length));
      });
      const world = opened([host]);
      const all = Array.from({ length: 200 }, (_unused, nth) =>
        world
          .registries(referenceTo(`${host}/a/r${nth}`), reader)
          .tags(world.reach)
          .catch((error: { readonly code: string }) => error.code),
      );
      const outcomes = new Set(await Promise.all(all));
      await world.network.close();
      expect(outcomes).toEqual(new Set(["REGISTRY_UNAVAILABLE"]));
      expect(seen.requests).toBe(1200);
      expect(seen.open).toBeLessThanOrEqual(80);
    },
  );
});

test("W51, G10: looking at a tag is a HEAD, however often, and never a GET, which Docker Hub counts", async () => {
  const { registry, store, reach } = await reading({ auth: "token" });
  registry.resetRequests();
  for (let nth = 0; nth < 5; nth++) await store.resolve("1", reach);
  expect(counts(registry.requests)).toEqual({
    challenge: 1,
    token: 1,
    "HEAD manifest": 5,
  });
});

describe("F62: what failed once is not remembered as failing", () => {
  test.each([
    ["the token server", /^\/token/, 403],
    ["the first manifest", /manifests/, 400],
    ["the list of tags", /tags/, 403],
    ["the list of referrers", /referrers/, 403],
  ])("%s", async (_, path, status) => {
    const { registry, store, reach } = await reading({ auth: "token" });
    const spoilt = registry.misbehave({
      path,
      times: Infinity,
      action: { status },
    });
    const all = async (): Promise<unknown> =>
      Promise.all([
        store.resolve("1", reach),
        store.tags(reach),
        store.referrers(nodeOf(image({})).descriptor.digest, reach),
      ]);
    await expect(all()).rejects.toMatchObject({ name: "MirrorError" });
    spoilt.stop();
    await expect(all()).resolves.toBeDefined();
  });
});

test("large blobs within one registry, whose source is open while they wait to be written, all arrive", async () => {
  const registry = await start({ mount: false });
  const layers = Array.from({ length: 16 }, () => 2 * 1024 * 1024);
  const large = image({ layers });
  await put(inRegistry(registry, "team/app"), large, "1");
  registry.misbehave({
    method: "GET",
    path: /blobs/,
    times: 8,
    action: { status: 503 },
  });
  const world = opened([registry.host], loggedIn);
  const place = (name: string, isWriter: boolean) =>
    world.registries(referenceTo(`${registry.host}/${name}`), {
      side: isWriter ? "destination" : "source",
      isWriter,
    });
  const source = place("team/app", false);
  const copies = ["a/a", "a/b", "a/c"].flatMap((name) => {
    const destination = place(name, true);
    return blobsOf(nodeOf(large).manifest).map((blob) =>
      destination.copyFrom(source, blob, {
        reach: world.reach,
        onBytes: () => undefined,
      }),
    );
  });
  await Promise.all(copies);
  await world.network.close();
  for (const name of ["a/a", "a/b", "a/c"])
    for (const { digest } of blobsOf(nodeOf(large).manifest))
      expect(registry.blob(name, digest)).toBeDefined();
});

test("the wait between two tries of a real copy is said", async () => {
  const { to, world, source, destination, blob } = await copying();
  to.misbehave({
    method: "POST",
    path: /uploads/,
    action: { status: 503, headers: { "retry-after": "30" } },
  });
  const said: string[] = [];
  await destination.copyFrom(source, blob, {
    reach: { ...world.reach, notice: ({ text }) => void said.push(text) },
    onBytes: () => undefined,
  });
  expect(said).toEqual([`waiting 31 s for ${to.host} (HTTP 503, try 1 of 6)`]);
});
