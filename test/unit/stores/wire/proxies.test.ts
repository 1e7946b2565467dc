import {
  openNetwork,
  type NetworkOptions,
} from "../../../../provider/stores/registry/wire/send";
import type { RegistrySettings } from "../../../../provider/stores/registry/settings";
import { startRegistry, type TestRegistry } from "../../../registry/registry";
import { startProxy, type ProxyServer } from "./proxyServer";

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

async function world(
  options: Partial<Parameters<typeof startProxy>[0]> = {},
): Promise<{ registry: TestRegistry; proxy: ProxyServer }> {
  const registry = await startRegistry({ tls: true });
  const proxy = await startProxy({ to: registry.host, ...options });
  running.push(registry, proxy);
  return { registry, proxy };
}

async function ask(
  registry: TestRegistry,
  settings: Partial<RegistrySettings>,
  environment: NetworkOptions["environment"] = {},
): Promise<unknown> {
  const { host, origin, caPem = "" } = registry;
  const network = openNetwork({
    registries: [{ host, caPem, ...settings }],
    environment,
  });
  running.push(network);
  const headers = { authorization: "Bearer canary-of-the-registry" };
  const request = { method: "GET", url: new URL(`${origin}/v2/`), headers };
  try {
    const { signal } = new AbortController();
    const response = await network.send({ ...request, method: "GET" }, signal);
    await response.discard();
    return response.status;
  } catch (error) {
    return error;
  }
}

const withLogin = (url: string): string =>
  url.replace("http://", "http://user:canary-of-the-proxy@");

test.each(["HTTPS_PROXY", "https_proxy"])(
  "W13: an https host is reached by a tunnel through %s, and its certificate is still proven",
  async (name) => {
    const { registry, proxy } = await world();
    const environment = { [name]: proxy.url };
    await expect(ask(registry, {}, environment)).resolves.toBe(200);
    expect(proxy.seen).toMatchObject([
      { method: "CONNECT", target: registry.host },
    ]);
    const other = await startRegistry({ tls: true });
    running.push(other);
    const { caPem = "" } = other;
    await expect(ask(registry, { caPem }, environment)).resolves.toMatchObject({
      code: "TLS",
    });
  },
);

test("W14, N08: the proxy's password goes to the proxy, the registry's token to the registry, and neither to the other", async () => {
  const { registry, proxy } = await world({ password: "canary-of-the-proxy" });
  const environment = { HTTPS_PROXY: withLogin(proxy.url) };
  await expect(ask(registry, {}, environment)).resolves.toBe(200);
  const atProxy = JSON.stringify(proxy.seen);
  expect(proxy.seen[0]?.headers["proxy-authorization"]).toMatch(/^Basic /);
  expect(atProxy).not.toContain("canary-of-the-registry");
  const atRegistry = registry.requests.map(({ headers }) => headers);
  expect(atRegistry).toHaveLength(1);
  expect(Object.keys(atRegistry[0] ?? {})).not.toContain("proxy-authorization");
});

test.each([
  [407, "AUTH_DENIED", /proxyEnv/],
  [403, "NETWORK", /let this host through/],
])(
  "W14: a proxy that answers %i is named, its password is not",
  async (refusal, code, remedy) => {
    const { registry, proxy } = await world({ refusal });
    const environment = { HTTPS_PROXY: withLogin(proxy.url) };
    const error = await ask(registry, {}, environment);
    expect(error).toMatchObject({ code, reason: { retryable: false } });
    const text = String(error);
    expect(text).toContain(proxy.url);
    expect(text).toMatch(remedy);
    expect(text).not.toContain("canary");
    expect(registry.requests).toEqual([]);
  },
);

test("a proxy that is not there is named, its password is not", async () => {
  const { registry, proxy } = await world();
  await proxy.close();
  const environment = { HTTPS_PROXY: withLogin(proxy.url) };
  const text = String(await ask(registry, {}, environment));
  expect(text).toContain(`the proxy ${proxy.url} before ${registry.host}`);
  expect(text).toContain("refuses connections");
  expect(text).not.toContain("canary");
});

describe("a host of its own", () => {
  test("is reached by the proxy that its settings name, whatever the environment says", async () => {
    const { registry, proxy } = await world();
    const environment = { NO_PROXY: "*", HTTPS_PROXY: "http://127.0.0.1:1" };
    await expect(
      ask(registry, { proxy: proxy.url }, environment),
    ).resolves.toBe(200);
    expect(proxy.seen).toHaveLength(1);
  });

  test("is reached directly where its settings say `none`", async () => {
    const { registry } = await world();
    const environment = { HTTPS_PROXY: "http://127.0.0.1:1" };
    await expect(ask(registry, { proxy: "none" }, environment)).resolves.toBe(
      200,
    );
  });

  test("finds its proxy's password in a variable", async () => {
    const { registry, proxy } = await world({
      password: "canary-of-the-proxy",
    });
    const environment = { CORP_PROXY: withLogin(proxy.url) };
    const settings = { proxyEnv: "CORP_PROXY" };
    await expect(ask(registry, settings, environment)).resolves.toBe(200);
    const unset = await ask(registry, settings, {});
    expect(unset).toMatchObject({ code: "INVALID_INPUT" });
    expect(String(unset)).toContain("CORP_PROXY, which should name the proxy");
  });
});
