import type { lookup } from "node:dns";
import { createServer, type AddressInfo } from "node:net";
import { openNetwork } from "../../../provider/stores/registry/wire/send";

const open: (() => unknown)[] = [];
afterEach(() => Promise.all(open.splice(0).map((close) => close())));

/** A listener on loopback that counts who knocks. */
async function doorstep(): Promise<{
  readonly port: number;
  knocks(): number;
}> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  open.push(() => server.close());
  return { port, knocks: () => count };
}

/** A name server that answers in turn. */
function naming(addresses: readonly string[]) {
  let nth = 0;
  const resolve = (
    _: string,
    __: unknown,
    done: (error: null, found: { address: string; family: number }[]) => void,
  ): void => {
    const address = addresses[Math.min(nth, addresses.length - 1)] ?? "";
    nth += 1;
    done(null, [{ address, family: 4 }]);
  };
  return { resolve: resolve as unknown as typeof lookup, asked: () => nth };
}

const ledBy = new URL("https://registry.example");

test.each(["127.0.0.1", "169.254.169.254", "10.0.0.7"])(
  "N07: a token server's name that leads to %s is refused, and nobody is knocked at",
  async (address) => {
    const { port, knocks } = await doorstep();
    const { resolve } = naming([address]);
    const network = openNetwork({ registries: [], environment: {}, resolve });
    open.push(() => network.close());
    const request = {
      method: "GET",
      url: new URL(`https://realm.test:${port}/token`),
      headers: {},
      ledBy,
    } as const;
    await expect(
      network.send(request, AbortSignal.timeout(10_000)),
    ).rejects.toMatchObject({ code: "REDIRECT_REFUSED" });
    expect(knocks()).toBe(0);
  },
);

test("N07: a name that flips after a first look-up gains nothing: each address that is dialled was looked at", async () => {
  const { port, knocks } = await doorstep();
  const { resolve, asked } = naming(["192.0.2.1", "127.0.0.1"]);
  const network = openNetwork({
    registries: [],
    environment: {},
    resolve,
    limits: { connectMs: 200 },
  });
  open.push(() => network.close());
  const request = {
    method: "GET",
    url: new URL(`https://realm.test:${port}/token`),
    headers: {},
    ledBy,
  } as const;
  const send = () => network.send(request, AbortSignal.timeout(10_000));
  await expect(send()).rejects.toMatchObject({ code: "NETWORK" });
  await expect(send()).rejects.toMatchObject({ code: "REDIRECT_REFUSED" });
  expect(asked()).toBe(2);
  expect(knocks()).toBe(0);
});
