import type { ConnectionOptions, SecureContext } from "node:tls";
import type { Dispatcher } from "undici";
import type { Request, Response, Send } from "../../../mirror/ports";
import { swift } from "./swift";
import { settingsOf, type RegistrySettings } from "../settings";
import type { AddressKind } from "./address";
import { askThrough, openProxy } from "./throughProxy";
import { originMaker, type Origin } from "./http1/client";
import { guardedLookup, type Resolve } from "./lookup";
import { noAnswer, proxyFailure } from "./noAnswer";
import {
  ownProxy,
  proxiesOf,
  proxyFor,
  refuseInsecureProcess,
  type Environment,
} from "./proxies";
import { secureContextOf, tlsOptionsOf } from "./tls";
import {
  nameOf,
  refuseClearText,
  refuseLiteral,
  trustOf,
  type Trust,
} from "./trust";
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
  /** how names become addresses; the system's way unless given */
  readonly resolve?: Resolve;
  /** milliseconds that only grow, for the throughput watch; the machine's unless given */
  readonly now?: () => number;
  /** shorter ones than the usual, for tests */
  readonly limits?: Partial<typeof usualLimits>;
}

const maxOrigins = 256;
const connections = 80; // what the limiter lets through at most, and streams besides
const usualLimits = {
  connectMs: 10_000,
  headersMs: 60_000,
  commitMs: 300_000,
  idleMs: 60_000, // W15
  keepAliveMs: 4000,
  discardMs: 1000,
};

/** Opens the way out: pools per origin, TLS per host, proxies of the environment, the address policy of §3.2. Asks nobody yet. */
export function openNetwork(options: NetworkOptions): Network {
  refuseInsecureProcess(options.environment);
  const ways = new Ways(options);
  const { now = () => performance.now() } = options;
  const send = async (
    request: Request,
    signal: AbortSignal,
  ): Promise<Response> => {
    const { url } = request;
    const asked = { what: `could not reach ${url.host}`, where: {} };
    if (signal.aborted) throw stopped(signal, asked);
    refuseClearText(request, options.registries);
    try {
      const way = ways.of(request);
      const response = await way.send(request, signal);
      const swiftly = swift(response.body, now);
      return { ...response, body: chunks(swiftly, request, signal) };
    } catch (error) {
      throw signal.aborted ? stopped(signal, asked) : noAnswer(error, url.host);
    }
  };
  return { send, close: () => ways.close() };
}

/** The ways to the origins that were asked for, by how far each is trusted. */
class Ways {
  readonly #options: NetworkOptions;
  readonly #limits: typeof usualLimits;
  readonly #proxies: ReturnType<typeof proxiesOf>;
  readonly #open: ReturnType<typeof originMaker>;
  readonly #kinds = new Map<string, AddressKind>();
  readonly #ways = new Map<string, Origin>();
  readonly #dispatchers = new Map<string, Promise<Dispatcher>>();
  #plainContext: SecureContext | undefined;

  constructor(options: NetworkOptions) {
    this.#options = options;
    this.#limits = { ...usualLimits, ...options.limits };
    this.#proxies = proxiesOf(options.environment);
    this.#open = originMaker({ limits: this.#limits, connections });
  }

  of(request: Request): Origin {
    const { url } = request;
    const trust = trustOf(request, this.#options.registries, this.#kinds);
    refuseLiteral(url, trust, (kind) => this.#learn(url, kind));
    const key = `${trust} ${url.origin}`;
    const way = this.#ways.get(key) ?? this.#make(url, trust);
    this.#ways.delete(key);
    if (this.#ways.size >= maxOrigins) this.#forget();
    this.#ways.set(key, way);
    return way;
  }

  /** Once public a name stays so: whoever owns it may let it lead elsewhere later. */
  #learn({ hostname }: URL, kind: AddressKind): void {
    if (this.#kinds.get(hostname) !== "public") this.#kinds.set(hostname, kind);
  }

  /** Lets go of the way that was unused for longest: a source may lead us to any number of hosts. */
  #forget(): void {
    for (const [key, way] of this.#ways) {
      if (!way.isIdle) continue;
      way.close();
      this.#ways.delete(key);
      return;
    }
  }

  async close(): Promise<void> {
    for (const way of this.#ways.values()) way.close();
    this.#ways.clear();
    const open = await Promise.all(this.#dispatchers.values());
    this.#dispatchers.clear();
    await Promise.all(open.map((dispatcher) => dispatcher.destroy()));
  }

  #make(url: URL, trust: Trust): Origin {
    const { registries, environment, resolve } = this.#options;
    const settings = settingsOf(registries, nameOf(registries, url));
    const tls = tlsOptionsOf(settings, environment);
    const secureContext = this.#contextOf(tls, url.host);
    const own = trust === "machine" ? "none" : ownProxy(settings, environment);
    const proxy = own ?? proxyFor(url, this.#proxies);
    if (proxy instanceof URL) {
      const whose = isPlain(tls) ? "" : url.host;
      return this.#through(proxy, tls, `${proxy.href} ${whose}`);
    }
    return this.#open({
      url,
      lookup: guardedLookup(trust, (kind) => this.#learn(url, kind), resolve),
      secureContext,
      isVerified: tls.rejectUnauthorized !== false,
    });
  }

  /** One context is enough for all hosts that have no settings of their own. */
  #contextOf(tls: ConnectionOptions, host: string): SecureContext {
    if (tls.ca !== undefined || tls.cert !== undefined)
      return secureContextOf(tls, host);
    return (this.#plainContext ??= secureContextOf({}, host));
  }

  #through(proxy: URL, tls: ConnectionOptions, key: string): Origin {
    const { connectMs } = this.#limits;
    const { registries, environment } = this.#options;
    const proxyTls = tlsOptionsOf(
      settingsOf(registries, proxy.host),
      environment,
    );
    return {
      isIdle: true, // its connections are the dispatcher's
      send: async (request, signal) => {
        const opened =
          this.#dispatchers.get(key) ??
          openProxy(proxy, { tls, proxyTls, connections, connectMs });
        this.#dispatchers.set(key, opened);
        try {
          const by = { signal, ...this.#limits };
          return await askThrough(await opened, request, by);
        } catch (error) {
          throw proxyFailure(error, request.url.host, proxy);
        }
      },
      close: () => undefined, // by its dispatcher
    };
  }
}

function isPlain(tls: ConnectionOptions): boolean {
  return (
    tls.ca === undefined &&
    tls.cert === undefined &&
    tls.rejectUnauthorized !== false
  );
}

async function* chunks(
  body: AsyncIterable<Uint8Array>,
  request: Request,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } catch (error) {
    if (signal.aborted)
      throw stopped(signal, {
        what: `could not read from ${request.url.host}`,
        where: {},
      });
    throw noAnswer(error, request.url.host);
  }
}
