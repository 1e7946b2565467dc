import { BlockList, isIP } from "node:net";
import { MirrorError } from "../../../mirror/errors";

/**
 * Reads NO_PROXY as Go's tools do: `*`, a host (with its subdomains), `.suffix`, `*.suffix`, an address, a network in CIDR,
 * each with an optional port (W13). No name is looked up for it.
 */
export function exceptions(noProxy: string): (url: URL) => boolean {
  const entries = noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(entryOf);
  return (url) => entries.some((matches) => matches(url));
}

type Entry = (url: URL) => boolean;

function entryOf(text: string): Entry {
  if (text === "*") return () => true;
  if (text.includes("/")) return networkOf(text);
  const [host, port] = withoutPort(text);
  const suffix = host.replace(/^\*?\./, "");
  return (url) => {
    if (port !== undefined && port !== portOf(url)) return false;
    const name = nameOf(url);
    if (name === suffix && host === suffix) return true;
    return !isIP(suffix) && name.endsWith(`.${suffix}`);
  };
}

function networkOf(text: string): Entry {
  const [, address = "", digits = ""] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  const bits = Number(digits);
  if (family === 0 || bits > (family === 4 ? 32 : 128)) {
    throw new MirrorError({
      fault: "invalid",
      code: "INVALID_INPUT",
      what: "could not read NO_PROXY",
      why: `${text.slice(0, 60)} is not a network`,
      remedy: "write it as 10.0.0.0/8",
    });
  }
  const network = new BlockList();
  network.addSubnet(address, bits, family === 4 ? "ipv4" : "ipv6");
  return (url) => {
    const name = nameOf(url);
    const kind = isIP(name);
    return kind !== 0 && network.check(name, kind === 4 ? "ipv4" : "ipv6");
  };
}

function withoutPort(text: string): readonly [string, string | undefined] {
  const [, bracketed, behind] = /^\[(.+)\](?::(\d+))?$/.exec(text) ?? [];
  if (bracketed !== undefined) return [bracketed, behind];
  if (isIP(text)) return [text, undefined];
  const [, host, port] = /^([^:]+):(\d+)$/.exec(text) ?? [];
  return host === undefined ? [text, undefined] : [host, port];
}

const nameOf = (url: URL): string =>
  url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
const portOf = (url: URL): string =>
  url.port || (url.protocol === "https:" ? "443" : "80");
