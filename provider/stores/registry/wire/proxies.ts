import { MirrorError } from "../../../mirror/errors";
import type { RegistrySettings } from "../settings";
import { exceptions } from "./noProxy";
import { NoAnswer } from "./wireError";

/** The process's environment, handed in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxies that the environment names; `undefined` where it names none. */
export interface Proxies {
  readonly httpProxy: URL | undefined;
  readonly httpsProxy: URL | undefined;
  readonly isExcepted: (url: URL) => boolean;
}

/** Reads HTTP_PROXY, HTTPS_PROXY and NO_PROXY in both cases (W13). */
export function proxiesOf(environment: Environment): Proxies | undefined {
  const read = (name: string): string | undefined =>
    environment[name.toLowerCase()] ||
    environment[name.toUpperCase()] ||
    undefined;
  const proxy = (name: string): URL | undefined => {
    const text = read(name);
    return text === undefined ? undefined : proxyUrl(text, name);
  };
  const httpProxy = proxy("HTTP_PROXY");
  const httpsProxy = proxy("HTTPS_PROXY");
  if (httpProxy === undefined && httpsProxy === undefined) return undefined;
  return {
    httpProxy,
    httpsProxy,
    isExcepted: exceptions(read("NO_PROXY") ?? ""),
  };
}

/** The proxy that a host's own settings name; `"none"`: whatever the environment says. */
export function ownProxy(
  { host, proxy, proxyEnv }: RegistrySettings,
  environment: Environment,
): URL | "none" | undefined {
  if (proxy === "none") return "none";
  if (proxy !== undefined) return proxyUrl(proxy, `\`proxy\` of ${host}`);
  if (proxyEnv === undefined) return undefined;
  const text = environment[proxyEnv];
  if (text) return proxyUrl(text, proxyEnv);
  throw unusable(
    `the environment variable ${proxyEnv}, which should name the proxy, is not set`,
    "set it, or take `proxyEnv` away",
    proxyEnv,
  );
}

/** The proxy of the environment that stands before a URL; `undefined`: it is reached directly. */
export function proxyFor(
  url: URL,
  proxies: Proxies | undefined,
): URL | undefined {
  if (proxies === undefined || proxies.isExcepted(url)) return undefined;
  return url.protocol === "https:" ? proxies.httpsProxy : proxies.httpProxy;
}

/** A proxy's address. An error never shows it: it may hold a password (CVE-2024-30260). */
function proxyUrl(text: string, where: string): URL {
  const written = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw unusable(
    `what ${where} holds is not the address of an HTTP proxy`,
    "write it as http://host:port",
    where,
  );
}

function unusable(why: string, remedy: string, where: string): NoAnswer {
  return new NoAnswer(
    { fault: "invalid", code: "INVALID_INPUT", why, remedy, retryable: false },
    { what: `could not read ${where}`, where: {} },
  );
}

/** Refuses to work while TLS is switched off for the whole process (W11). */
export function refuseInsecureProcess(environment: Environment): void {
  if (environment["NODE_TLS_REJECT_UNAUTHORIZED"] !== "0") return;
  throw new MirrorError({
    fault: "invalid",
    code: "TLS",
    what: "could not open the network",
    why: "NODE_TLS_REJECT_UNAUTHORIZED=0 switches off the verification of every host",
    remedy:
      "unset it, and set `caPem` (or `skipTlsVerify`) in the provider's `registries` for the one host that needs it",
  });
}
