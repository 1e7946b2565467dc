import { proxiesOf } from "../../../provider/stores/registry/wire/proxies";
import { openNetwork } from "../../../provider/stores/registry/wire/send";
import type { RegistrySettings } from "../../../provider/stores/registry/settings";
import { startRegistry, type TestRegistry } from "../../registry/registry";
import type { Request } from "../../../provider/mirror/ports";

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function start(tls = false): Promise<TestRegistry> {
  const registry = await startRegistry({ tls });
  running.push(registry);
  return registry;
}

async function ask(
  url: string,
  registries: readonly RegistrySettings[],
  more: Partial<Request> & {
    environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<unknown> {
  const network = openNetwork({
    registries,
    environment: more.environment ?? {},
  });
  running.push(network);
  const request = {
    method: "GET" as const,
    url: new URL(url),
    headers: {},
    ...more,
  };
  try {
    const response = await network.send(request, new AbortController().signal);
    await response.discard();
    return response.status;
  } catch (error) {
    return error;
  }
}

test("W10: plain http needs the host to be named, even on loopback, and nothing is sent", async () => {
  const registry = await start();
  await expect(ask(`${registry.origin}/v2/`, [])).resolves.toMatchObject({
    fault: "invalid",
    code: "TLS",
  });
  expect(registry.requests).toEqual([]);
  await expect(
    ask(`${registry.origin}/v2/`, [{ host: registry.host, plainHttp: true }]),
  ).resolves.toBe(200);
});

test("W10: an https request to an http server is one failed TLS attempt", async () => {
  const registry = await start();
  await expect(ask(`https://${registry.host}/v2/`, [])).resolves.toMatchObject({
    code: "TLS",
  });
  expect(registry.requests).toEqual([]);
});

describe("N19: TLS", () => {
  test("an unknown authority is refused", async () => {
    const registry = await start(true);
    await expect(ask(`${registry.origin}/v2/`, [])).resolves.toMatchObject({
      code: "TLS",
      fault: "unreachable",
    });
  });

  test("W12: the host's own authority is trusted, for this host only", async () => {
    const [registry, other] = [await start(true), await start(true)];
    const settings = [{ host: registry.host, caPem: registry.caPem ?? "" }];
    await expect(ask(`${registry.origin}/v2/`, settings)).resolves.toBe(200);
    await expect(ask(`${other.origin}/v2/`, settings)).resolves.toMatchObject({
      code: "TLS",
    });
  });

  test("W11: skipTlsVerify of one host does not cover another", async () => {
    const [registry, other] = [await start(true), await start(true)];
    const settings = [{ host: registry.host, skipTlsVerify: true }];
    await expect(ask(`${registry.origin}/v2/`, settings)).resolves.toBe(200);
    await expect(ask(`${other.origin}/v2/`, settings)).resolves.toMatchObject({
      code: "TLS",
    });
  });

  test("N56, W11: a process without TLS verification does not start", () => {
    expect(() =>
      openNetwork({
        registries: [],
        environment: { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
      }),
    ).toThrow(/NODE_TLS_REJECT_UNAUTHORIZED/);
  });
});

describe("§3.2: whoever leads us to loopback is not followed", () => {
  const ledBy = new URL("https://registry.example");

  test.each(["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"])(
    "%s",
    async (host) => {
      const registry = await start(true);
      const url = `https://${host}:${registry.host.split(":")[1]}/v2/`;
      await expect(ask(url, [], { ledBy })).resolves.toMatchObject({
        code: "REDIRECT_REFUSED",
        fault: "corrupt",
      });
      expect(registry.requests).toEqual([]);
    },
  );

  test("but a host that is configured is", async () => {
    const registry = await start();
    await expect(
      ask(
        `${registry.origin}/v2/`,
        [{ host: registry.host, plainHttp: true }],
        { ledBy },
      ),
    ).resolves.toBe(200);
  });

  test("nor is a private address, from a registry that is not known to be private", async () => {
    await expect(
      ask("https://10.255.255.1/", [], { ledBy }),
    ).resolves.toMatchObject({ code: "REDIRECT_REFUSED" });
  });
});

test("a keep-alive connection survives HEAD requests", async () => {
  const registry = await start();
  const network = openNetwork({
    registries: [{ host: registry.host, plainHttp: true }],
    environment: {},
  });
  running.push(network);
  const ports = new Set<string>();
  for (let nth = 0; nth < 5; nth++) {
    const url = new URL(`${registry.origin}/v2/`);
    const response = await network.send(
      { method: "HEAD", url, headers: {} },
      new AbortController().signal,
    );
    await response.discard();
    ports.add(String(response.headers["connection"]));
  }
  expect([...ports]).toEqual(["keep-alive"]);
});

test("a host that nobody listens on is NETWORK", async () => {
  const registry = await startRegistry();
  await registry.close();
  await expect(
    ask(`${registry.origin}/v2/`, [{ host: registry.host, plainHttp: true }]),
  ).resolves.toMatchObject({
    fault: "unreachable",
    code: "NETWORK",
  });
});

test("an aborted request is cancelled, and a deadline is not", async () => {
  const registry = await start();
  registry.misbehave({ path: /./, times: Infinity, action: { stall: true } });
  const network = openNetwork({
    registries: [{ host: registry.host, plainHttp: true }],
    environment: {},
  });
  running.push(network);
  const request = {
    method: "GET" as const,
    url: new URL(`${registry.origin}/v2/`),
    headers: {},
  };
  const stop = new AbortController();
  const asked = network.send(request, stop.signal);
  stop.abort();
  await expect(asked).rejects.toMatchObject({
    fault: "cancelled",
    code: "CANCELLED",
  });
  await expect(
    network.send(request, AbortSignal.timeout(20)),
  ).rejects.toMatchObject({ fault: "unreachable", code: "NETWORK" });
});

test("N49: a header that would split the request is not sent", async () => {
  const registry = await start();
  const settings = [{ host: registry.host, plainHttp: true }];
  await expect(
    ask(`${registry.origin}/v2/`, settings, {
      headers: { accept: "a\r\nx: y" },
    }),
  ).resolves.toMatchObject({ code: "PROTOCOL" });
  expect(registry.requests).toEqual([]);
});

describe("W13: proxies", () => {
  test("both cases are read", () => {
    expect(proxiesOf({ https_proxy: "http://p:1" })?.httpsProxy?.href).toBe(
      "http://p:1/",
    );
    expect(proxiesOf({ HTTPS_PROXY: "p:2" })?.httpsProxy?.href).toBe(
      "http://p:2/",
    );
    expect(proxiesOf({ NO_PROXY: "10.0.0.0/8" })).toBeUndefined();
  });

  test("what is no network in NO_PROXY fails loudly", () => {
    expect(() =>
      proxiesOf({ HTTP_PROXY: "http://p:1", NO_PROXY: "a, 127.0.0.0/33" }),
    ).toThrow(/127\.0\.0\.0\/33/);
  });

  test("a request goes to the proxy, but for hosts that NO_PROXY names", async () => {
    const registry = await start();
    const settings = [{ host: registry.host, plainHttp: true }];
    const away = { HTTP_PROXY: "http://127.0.0.1:1" };
    await expect(
      ask(`${registry.origin}/v2/`, settings, { environment: away }),
    ).resolves.toMatchObject({ code: "NETWORK" });
    expect(registry.requests).toEqual([]);
    await expect(
      ask(`${registry.origin}/v2/`, settings, {
        environment: { ...away, NO_PROXY: "127.0.0.1" },
      }),
    ).resolves.toBe(200);
  });
});

describe("a URL that a certificate names", () => {
  const ledBy = "certificate";

  test("may be asked in clear, but at no address of ours, and nothing is sent there", async () => {
    const registry = await start();
    for (const url of [
      `${registry.origin}/ocsp`,
      `http://localhost:${registry.host.split(":")[1]}/ocsp`,
      "http://169.254.169.254/latest/meta-data/",
      "http://10.0.0.1/ocsp",
      "http://[::ffff:127.0.0.1]/ocsp",
    ]) {
      await expect(ask(url, [], { ledBy })).resolves.toMatchObject({
        code: "REDIRECT_REFUSED",
      });
    }
    expect(registry.requests).toEqual([]);
  });

  test("may be asked at any address whose host is configured", async () => {
    const registry = await start();
    await expect(
      ask(`${registry.origin}/v2/`, [{ host: registry.host }], { ledBy }),
    ).resolves.toBe(200);
  });

  test("is asked over http or https, and nothing else", async () => {
    await expect(
      ask("ldap://directory.example/crl", [], { ledBy }),
    ).resolves.toMatchObject({ code: "TLS" });
  });
});
