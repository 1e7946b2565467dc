import { MirrorError } from "../../../mirror/errors";
import { addressKind, literalAddress } from "../wire/address";
import { protocolError, type Asked } from "../wire/wireError";

/** What decides whether a token server may see a registry's credential (§3.2). */
export interface RealmPolicy {
  /** the registry's API origin */
  readonly origin: string;
  readonly plainHttp: boolean;
  /** `host[:port]`, by the user */
  readonly trustedRealms: readonly string[];
}

/** Token servers that are known to belong to a registry of another name. */
const published: ReadonlyMap<string, string> = new Map([
  ["registry-1.docker.io", "auth.docker.io"],
  ["registry.gitlab.com", "gitlab.com"],
]);

/** The realm as a URL, relative to the request where it is so written (W32), or the reason in an error why it is not asked. */
export function admitRealm(
  realm: string | undefined,
  policy: RealmPolicy,
  asking: {
    readonly request: URL;
    readonly withCredential: boolean;
    readonly asked: Asked;
  },
): URL {
  const { request, asked } = asking;
  if (
    realm === undefined ||
    realm === "" ||
    !URL.canParse(realm, request.href)
  ) {
    throw protocolError(
      asked,
      "the registry's challenge names no token server that can be asked",
    );
  }
  const url = new URL(realm, request);
  const why =
    whyUntrusted(url, realm, policy) ??
    (asking.withCredential ? whyForeign(url, policy) : undefined);
  if (why === undefined) return url;
  throw new MirrorError({
    ...asked,
    fault: "denied",
    code: "AUTH_REALM_UNTRUSTED",
    why: `the registry sends us to the token server ${url.protocol}//${url.host}, and ${why}`,
    remedy: `if that is right, add ${JSON.stringify(url.host)} to \`trustedRealms\` of this registry in the provider's \`registries\``,
  });
}

function whyUntrusted(
  url: URL,
  written: string,
  policy: RealmPolicy,
): string | undefined {
  if (url.username || url.password || url.hash || written.length > 2048) {
    return "its address is not an acceptable one";
  }
  if (!isSecret(url, policy)) return "it is not asked over https";
  const literal = literalAddress(url);
  const isInside =
    literal !== undefined && addressKind(literal) === "forbidden";
  return isInside && !isNamed(url, policy)
    ? "its address is a loopback or link-local one"
    : undefined;
}

/** https; or http to the very host that the user named as a plain one. */
function isSecret(url: URL, policy: RealmPolicy): boolean {
  if (url.protocol === "https:") return true;
  const isSameHost = url.hostname === new URL(policy.origin).hostname;
  return url.protocol === "http:" && policy.plainHttp && isSameHost;
}

function whyForeign(url: URL, policy: RealmPolicy): string | undefined {
  const isKnown = published.get(new URL(policy.origin).host) === url.host;
  return isKnown || isNamed(url, policy)
    ? undefined
    : "a credential for this registry is not shown to another host";
}

function isNamed(url: URL, policy: RealmPolicy): boolean {
  return (
    url.origin === policy.origin || policy.trustedRealms.includes(url.host)
  );
}
