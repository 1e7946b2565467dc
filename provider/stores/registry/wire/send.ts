import { lookup as resolveName, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { MirrorError } from "../../../mirror/errors";
import type { Request, Response, Send } from "../../../mirror/ports";
import { addressKind, literalAddress, type AddressKind } from "./address";
import { apiHost } from "../endpoints";
import { AddressRefused, noAnswer } from "./noAnswer";
import {
  proxiesOf,
  refuseInsecureProcess,
  type Environment,
  type Proxies,
} from "./proxies";
import { settingsOf, type RegistrySettings } from "../settings";
import { swift } from "../pace/swift";
import { stopped } from "./wireError";

/** Sockets and their pools, for as long as the process lives. */
export interface Network {
  readonly send: Send;
  close(): Promise<void>;
}

/** What decides how hosts are reached. */
export interface NetworkOptions {
  readonly registries: readonly RegistrySettings[];
  readonly environment: Environment;
}

/** How free a request is in where it may connect to: hosts the user named, or those we are led to. */
type Trust = "named" | "led" | "ledFromPublic";

const connectMs = 10_000;
const headersMs = 60_000;
const idleMs = 60_000; // W15
const connections = 64;
const discardMs = 1000;

/** Opens the way out: pools per origin, TLS per host, proxies of the environment, the address policy of §3.2. Asks nobody yet. */
export function openNetwork(options: NetworkOptions): Network {
  refuseInsecureProcess(options.environment);
  const proxies = proxiesOf(options.environment);
  const dispatchers = new Map<string, Promise<Dispatcher>>();
  const kinds = new Map<string, AddressKind>();
  const dispatcherFor = (url: URL, trust: Trust): Promise<Dispatcher> => {
    const key = `${trust} ${url.origin}`;
    const existing = dispatchers.get(key);
    if (existing) return existing;
    const made = makeDispatcher(url, {
      settings: settingsOf(options.registries, nameOf(options.registries, url)),
      lookup: guardedLookup(trust, (kind) => kinds.set(url.hostname, kind)),
      proxies,
    });
    dispatchers.set(key, made);
    return made;
  };
  const send = async (
    request: Request,
    signal: AbortSignal,
  ): Promise<Response> => {
    const { url } = request;
    const asked = { what: `could not reach ${url.host}`, where: {} };
    if (signal.aborted) throw stopped(signal, asked);
    refuseClearText(request, options.registries);
    const trust = trustOf(request, options.registries, kinds);
    try {
      refuseLiteral(url, trust, (kind) => kinds.set(url.hostname, kind));
      const dispatcher = await dispatcherFor(url, trust);
      return await exchange(dispatcher, request, signal);
    } catch (error) {
      throw signal.aborted ? stopped(signal, asked) : noAnswer(error, url.host);
    }
  };
  const close = async (): Promise<void> => {
    const open = await Promise.all(dispatchers.values());
    dispatchers.clear();
    await Promise.all(open.map((dispatcher) => dispatcher.destroy()));
  };
  return { send, close };
}

async function exchange(
  dispatcher: Dispatcher,
  request: Request,
  signal: AbortSignal,
): Promise<Response> {
  const { url, method, headers, body } = request;
  const answer = await dispatcher.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method,
    headers: { "user-agent": "pulumi-artifact-mirror", ...headers },
    ...(body === undefined
      ? {}
      : {
          body:
            body instanceof Uint8Array
              ? body
              : Readable.from(body, { objectMode: false }),
        }),
    signal,
    reset: false, // else undici closes the connection after every HEAD
    headersTimeout: headersMs,
    bodyTimeout: idleMs,
  });
  answer.body.on("error", () => undefined); // whoever reads sees it; whoever left does not care
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: chunks(answer.body, request, signal),
    discard: async () => {
      const briefly = AbortSignal.timeout(discardMs); // a new connection costs less than an answer that drips
      await answer.body
        .dump({ limit: 128 * 1024, signal: briefly })
        .catch(() => undefined);
      answer.body.destroy();
    },
  };
}

async function* chunks(
  body: AsyncIterable<Uint8Array>,
  request: Request,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* swift(body, () => performance.now());
  } catch (error) {
    if (signal.aborted)
      throw stopped(signal, {
        what: `could not read from ${request.url.host}`,
        where: {},
      });
    throw noAnswer(error, request.url.host);
  }
}

async function makeDispatcher(
  url: URL,
  options: {
    readonly settings: RegistrySettings;
    readonly lookup: LookupFunction;
    readonly proxies: Proxies | undefined;
  },
): Promise<Dispatcher> {
  const { EnvHttpProxyAgent, Pool } = await import("undici"); // 170 ms that no port line needs to wait for
  const { settings, lookup, proxies } = options;
  const tls = {
    rejectUnauthorized: settings.skipTlsVerify !== true,
    ...(settings.caPem === undefined ? {} : { ca: settings.caPem }),
  };
  const common = {
    connections,
    allowH2: false,
    connect: { ...tls, lookup, timeout: connectMs, keepAlive: true },
  };
  if (proxies === undefined) return new Pool(url.origin, common);
  const { httpProxy, httpsProxy, noProxy } = proxies;
  return new EnvHttpProxyAgent({
    ...common,
    requestTls: tls,
    noProxy,
    httpProxy: httpProxy ?? "",
    httpsProxy: httpsProxy ?? "",
  });
}

/** The name under which a host's settings stand: Docker Hub's API host goes by `docker.io`. */
function nameOf(registries: readonly RegistrySettings[], url: URL): string {
  return (
    registries.find(({ host }) => apiHost(host) === url.host)?.host ?? url.host
  );
}

/** Plain HTTP goes only where the user said so: to a host with `plainHttp`, or to a token server on that same machine that he trusts. */
function refuseClearText(
  { url, ledBy }: Request,
  registries: readonly RegistrySettings[],
): void {
  if (url.protocol === "https:") return;
  // what revocation answers say is signed, and their URLs are never https (RFC 5280 §8)
  if (url.protocol === "http:" && ledBy === "certificate") return;
  const isNamed = registries.some(
    ({ host, plainHttp, trustedRealms = [] }) =>
      plainHttp === true &&
      (host === url.host || trustedRealms.includes(url.host)),
  );
  if (url.protocol === "http:" && isNamed) return;
  throw new MirrorError({
    fault: "invalid",
    code: "TLS",
    what: `could not reach ${url.host}`,
    why: `it would be asked over ${url.protocol.slice(0, -1)}, in clear`,
    remedy:
      "set `plainHttp` for this host in the provider's `registries` if that is meant",
  });
}

function trustOf(
  request: Request,
  registries: readonly RegistrySettings[],
  kinds: ReadonlyMap<string, AddressKind>,
): Trust {
  const { url, ledBy } = request;
  if (ledBy === undefined) return "named";
  if (ledBy !== "certificate" && ledBy.origin === url.origin) return "named";
  const isConfigured = registries.some(
    ({ host, trustedRealms = [] }) =>
      host === url.host || trustedRealms.includes(url.host),
  );
  if (isConfigured) return "named";
  if (ledBy === "certificate") return "ledFromPublic";
  return kinds.get(ledBy.hostname) === "private" ||
    kinds.get(ledBy.hostname) === "forbidden"
    ? "led"
    : "ledFromPublic";
}

function isAllowed(kind: AddressKind, trust: Trust): boolean {
  return (
    trust === "named" ||
    kind === "public" ||
    (kind === "private" && trust === "led")
  );
}

function refuseLiteral(
  url: URL,
  trust: Trust,
  learn: (kind: AddressKind) => void,
): void {
  const literal = literalAddress(url);
  if (literal === undefined) return;
  const kind = addressKind(literal);
  if (!isAllowed(kind, trust))
    throw new AddressRefused(`we were led to the ${kind} address ${literal}`);
  if (trust === "named") learn(kind);
}

/** Checks the very addresses that are dialled, so that a name which flips between two look-ups gains nothing (N07). */
function guardedLookup(
  trust: Trust,
  learn: (kind: AddressKind) => void,
): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(
      hostname,
      { ...options, all: true },
      (error, found: LookupAddress[]) => {
        if (error) return callback(error, []);
        const kinds = found.map(({ address }) => addressKind(address));
        const wrong = kinds.findIndex((kind) => !isAllowed(kind, trust));
        if (wrong >= 0) {
          return callback(
            new AddressRefused(
              `${hostname} leads to the ${kinds[wrong]} address ${found[wrong]?.address}`,
            ),
            [],
          );
        }
        const [first] = found;
        if (trust === "named")
          learn(
            kinds.every((kind) => kind === "public") ? "public" : "private",
          );
        if (options.all === true || first === undefined)
          return callback(null, found);
        return callback(null, first.address, first.family);
      },
    );
  };
}
