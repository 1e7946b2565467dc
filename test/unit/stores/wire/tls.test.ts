import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Request } from "../../../../provider/mirror/ports";
import { following } from "../../../../provider/stores/registry/wire/redirect";
import {
  openNetwork,
  type NetworkOptions,
} from "../../../../provider/stores/registry/wire/send";
import { selfSigned } from "../../../registry/certificate";
import { naming, startTls, type TlsServer } from "./tlsServer";

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

async function start(
  options: Parameters<typeof startTls>[0] = {},
): Promise<TlsServer> {
  const server = await startTls(options);
  running.push(server);
  return server;
}

const { signal } = new AbortController();
const canary = { authorization: "Bearer canary" };

/** The answer's status, or the error. */
async function ask(
  url: string,
  options: Partial<NetworkOptions>,
  more: Partial<Request> = {},
): Promise<unknown> {
  const network = openNetwork({ registries: [], environment: {}, ...options });
  running.push(network);
  const request: Request = {
    method: "GET",
    url: new URL(url),
    headers: canary,
    ...more,
  };
  const send = following(network.send, "follow");
  try {
    const response = await send(request, signal);
    await response.discard();
    return response.status;
  } catch (error) {
    return error;
  }
}

interface Bad {
  readonly server: TlsServer;
  readonly origin: string;
  readonly caPem?: string;
}

const faults: Readonly<Record<string, () => Promise<Bad>>> = {
  expired: async () => {
    const server = await start({ validDays: -1 });
    const caPem = server.identity.certificate;
    return { server, origin: `https://${server.host}`, caPem };
  },
  "for another name": async () => {
    const server = await start();
    const caPem = server.identity.certificate;
    return { server, origin: `https://wrong.test:${server.port}`, caPem };
  },
  "signed by itself": async () => {
    const server = await start();
    return { server, origin: `https://${server.host}` };
  },
  "signed by another authority": async () => {
    const server = await start();
    const caPem = selfSigned().certificate;
    return { server, origin: `https://${server.host}`, caPem };
  },
  "shown over TLS 1.1": async () => {
    const server = await start({
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    const caPem = server.identity.certificate;
    return { server, origin: `https://${server.host}`, caPem };
  },
};

describe.each(Object.keys(faults))("N19: a certificate %s", (fault) => {
  const resolve = naming({ "wrong.test": ["127.0.0.1"] });
  const make = async () => {
    const bad = await (faults[fault] ?? Promise.reject)();
    const { host } = new URL(bad.origin);
    const { caPem } = bad;
    return { ...bad, entry: caPem === undefined ? { host } : { host, caPem } };
  };

  test("of the registry is refused, and no request is heard", async () => {
    const { origin, entry, server } = await make();
    const outcome = await ask(origin, { registries: [entry], resolve });
    expect(outcome).toMatchObject({
      code: "TLS",
      reason: { retryable: false },
    });
    expect(server.heard).toEqual([]);
  });

  test("of a token server is refused, though verification is skipped for its registry", async () => {
    const { origin, entry, server } = await make();
    const lax = { host: "reg.test", skipTlsVerify: true };
    const trusting = { ...lax, trustedRealms: [entry.host] };
    const ledBy = new URL("https://reg.test");
    const registries = [trusting, entry];
    const outcome = await ask(origin, { registries, resolve }, { ledBy });
    expect(outcome).toMatchObject({ code: "TLS" });
    expect(server.heard).toEqual([]);
  });

  test("of where blobs are redirected to is refused, though verification is skipped for the registry", async () => {
    const { origin, entry, server } = await make();
    const registry = await start({
      answer: (_, response) =>
        response.writeHead(307, { location: `${origin}/blob` }).end(),
    });
    const lax = { host: registry.host, skipTlsVerify: true };
    const outcome = await ask(`https://${registry.host}/v2/`, {
      registries: [lax, entry],
      resolve,
    });
    expect(outcome).toMatchObject({ code: "TLS" });
    expect(registry.heard).toHaveLength(1);
    expect(server.heard).toEqual([]);
  });

  test("is accepted where the user says so for that very host, but for an old version", async () => {
    const { origin, entry, server } = await make();
    const registries = [{ host: entry.host, skipTlsVerify: true }];
    const outcome = await ask(origin, { registries, resolve });
    if (fault.includes("TLS 1.1"))
      expect(outcome).toMatchObject({ code: "TLS" });
    else expect(outcome).toBe(200);
    expect(server.heard).toHaveLength(outcome === 200 ? 1 : 0);
  });
});

describe("W12: a host that asks for a client's certificate", () => {
  const client = selfSigned();
  const stranger = selfSigned();
  const mutual = () =>
    start({
      requestCert: true,
      rejectUnauthorized: true,
      ca: [client.certificate],
    });
  const entryOf = (server: TlsServer) => ({
    host: server.host,
    caPem: server.identity.certificate,
  });

  test("gets the one that is named for it, with its key from a variable", async () => {
    const server = await mutual();
    const named = { clientCertPem: client.certificate, clientKeyEnv: "KEY" };
    const registries = [{ ...entryOf(server), ...named }];
    const environment = { KEY: client.key };
    await expect(
      ask(`https://${server.host}/`, { registries, environment }),
    ).resolves.toBe(200);
  });

  test("gets the one that is named for it, with its key from a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "client-key-"));
    const clientKeyFile = join(folder, "key.pem");
    writeFileSync(clientKeyFile, client.key);
    const server = await mutual();
    const named = { clientCertPem: client.certificate, clientKeyFile };
    const registries = [{ ...entryOf(server), ...named }];
    await expect(ask(`https://${server.host}/`, { registries })).resolves.toBe(
      200,
    );
    rmSync(folder, { recursive: true });
  });

  test("gets none that is named for another host", async () => {
    const [server, other] = [await mutual(), await mutual()];
    const named = { clientCertPem: client.certificate, clientKeyEnv: "KEY" };
    const registries = [{ ...entryOf(other), ...named }, entryOf(server)];
    const environment = { KEY: client.key };
    const outcome = await ask(`https://${server.host}/`, {
      registries,
      environment,
    });
    expect(outcome).toMatchObject({ fault: "unreachable" });
    expect(server.heard).toEqual([]);
  });

  test.each([
    ["a variable that is not set", { clientKeyEnv: "NONE" }, /NONE/],
    ["a file that is not there", { clientKeyFile: "/none/key" }, /none\/key/],
    ["another key", { clientKeyEnv: "OTHER" }, /belong together/],
    ["what is no key", { clientKeyEnv: "TEXT" }, /belong together/],
  ])("%s is said, not tried again, and not shown", async (_, key, words) => {
    const server = await mutual();
    const named = { clientCertPem: client.certificate, ...key };
    const registries = [{ ...entryOf(server), ...named }];
    const environment = { OTHER: stranger.key, TEXT: "canary" };
    const outcome = await ask(`https://${server.host}/`, {
      registries,
      environment,
    });
    expect(outcome).toMatchObject({
      fault: "invalid",
      code: "TLS",
      reason: { retryable: false },
    });
    expect(String(outcome)).toMatch(words);
    expect(String(outcome)).not.toContain("canary");
  });
});

test("a TLS session is taken up again within one origin, and its certificate was proven by it", async () => {
  const server = await start();
  const { host, identity } = server;
  const network = openNetwork({
    registries: [{ host, caPem: identity.certificate }],
    environment: {},
    limits: { keepAliveMs: 1 },
  });
  running.push(network);
  const get = async (): Promise<void> => {
    const url = new URL(`https://${host}/`);
    const request = { method: "GET", url, headers: {} } as const;
    const response = await network.send(request, signal);
    for await (const _ of response.body);
  };
  await get();
  await Promise.all([get(), get(), get()]);
  expect(server.resumed[0]).toBe(false);
  expect(server.resumed.slice(1)).toContain(true);
});
