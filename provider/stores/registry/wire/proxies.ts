import { MirrorError } from "../../../mirror/errors";

/** The process's environment, handed in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The proxies that the environment names; `undefined` where it names none. */
export interface Proxies {
  readonly httpProxy: string | undefined;
  readonly httpsProxy: string | undefined;
  readonly noProxy: string;
}

/** Reads HTTP_PROXY, HTTPS_PROXY and NO_PROXY in both cases, and refuses what our matcher would silently not match (W13). */
export function proxiesOf(environment: Environment): Proxies | undefined {
  const read = (name: string): string | undefined =>
    environment[name.toLowerCase()] ||
    environment[name.toUpperCase()] ||
    undefined;
  const httpProxy = read("HTTP_PROXY");
  const httpsProxy = read("HTTPS_PROXY");
  if (httpProxy === undefined && httpsProxy === undefined) return undefined;
  const noProxy = read("NO_PROXY") ?? "";
  const network = noProxy.split(/[\s,]+/).find((entry) => entry.includes("/"));
  if (network !== undefined) {
    throw new MirrorError({
      fault: "invalid",
      code: "INVALID_INPUT",
      what: "could not read NO_PROXY",
      why: `it holds the network ${network}, and only hosts, suffixes and host:port are understood`,
      remedy: "name the hosts instead",
    });
  }
  return { httpProxy, httpsProxy, noProxy };
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
