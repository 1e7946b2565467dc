import { MirrorError } from "../../../mirror/errors";
import type { Request } from "../../../mirror/ports";
import { apiHost } from "../endpoints";
import type { RegistrySettings } from "../settings";
import { addressKind, literalAddress, type AddressKind } from "./address";
import { AddressRefused } from "./noAnswer";

/** How free a request is in where it may connect to: hosts the user named, those we are led to, or this machine's own metadata service. */
export type Trust = "named" | "led" | "ledFromPublic" | "machine";

/** The name under which a host's settings stand: Docker Hub's API host goes by `docker.io`. */
export function nameOf(
  registries: readonly RegistrySettings[],
  url: URL,
): string {
  return (
    registries.find(({ host }) => apiHost(host) === url.host)?.host ?? url.host
  );
}

/** Plain HTTP goes only where the user said so: to a host with `plainHttp`, or to a token server on that same machine that he trusts. */
export function refuseClearText(
  { url, ledBy }: Request,
  registries: readonly RegistrySettings[],
): void {
  if (url.protocol === "https:") return;
  // what revocation answers say is signed, and their URLs are never https (RFC 5280 §8)
  if (url.protocol === "http:" && ledBy === "certificate") return;
  if (url.protocol === "http:" && ledBy === "machine") return; // and no further than this machine: `isAllowed`
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

/** On whose word we go to a host, and so which addresses it may have (§3.2). */
export function trustOf(
  request: Request,
  registries: readonly RegistrySettings[],
  kinds: ReadonlyMap<string, AddressKind>,
): Trust {
  const { url, ledBy } = request;
  if (ledBy === undefined || ledBy === "machine") return ledBy ?? "named";
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

/** Whether such an address may be dialled. */
export function isAllowed(kind: AddressKind, trust: Trust): boolean {
  if (trust === "machine") return kind === "forbidden"; // loopback and link-local
  return (
    trust === "named" ||
    kind === "public" ||
    (kind === "private" && trust === "led")
  );
}

/** Throws where the URL spells out an address that may not be dialled; no name is looked up for it. */
export function refuseLiteral(
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
