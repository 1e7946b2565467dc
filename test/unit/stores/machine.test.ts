import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openNetwork } from "../../../provider/stores/registry/wire/send";

/** Asks as for this machine's own metadata service. */
async function ask(
  url: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const network = openNetwork({ registries: [], environment });
  try {
    const request = {
      method: "GET",
      url: new URL(url),
      headers: {},
      ledBy: "machine",
    } as const;
    const response = await network.send(request, AbortSignal.timeout(10_000));
    await response.discard();
    return response.status;
  } catch (error) {
    return error;
  } finally {
    await network.close();
  }
}

test("§3.2: the machine's own metadata service is asked in clear, and past every proxy", async () => {
  const server = createServer((_, response) => response.end());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const proxy = "http://127.0.0.1:9";
  try {
    await expect(
      ask(`http://127.0.0.1:${port}/metadata`, {
        HTTP_PROXY: proxy,
        HTTPS_PROXY: proxy,
      }),
    ).resolves.toBe(200);
  } finally {
    server.close();
  }
});

test.each([
  "http://10.0.0.1/",
  "http://93.184.216.34/",
  "http://[2001:db8::1]/",
])(
  "§3.2: %s is no metadata service of this machine, and nothing is sent there in clear",
  async (url) => {
    await expect(ask(url)).resolves.toMatchObject({ code: "REDIRECT_REFUSED" });
  },
);

test("§3.2: a file of credentials cannot have another machine asked in clear by a name", async () => {
  const network = openNetwork({
    registries: [],
    environment: {},
    resolve: Object.assign(
      (_: string, __: unknown, done: (error: null, found: unknown) => void) =>
        done(null, [{ address: "93.184.216.34", family: 4 }]),
      { __promisify__: () => Promise.reject(new Error("unused")) },
    ) as never,
  });
  const request = {
    method: "GET",
    url: new URL("http://metadata.test/"),
    headers: {},
    ledBy: "machine",
  } as const;
  await expect(
    network.send(request, AbortSignal.timeout(10_000)),
  ).rejects.toMatchObject({ code: "REDIRECT_REFUSED" });
  await network.close();
});
