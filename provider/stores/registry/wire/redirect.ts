import type { Request, Response, Send } from "../../../mirror/ports";
import { header, isReplayable } from "./message";
import { safeUrl } from "./redact";
import { NoAnswer } from "./wireError";

/** What to do where an answer leads to another origin: go there without any credential, refuse, or hand the redirect itself back. */
export type OnLeave = "follow" | "refuse" | "return";

const maxHops = 5;
const statuses = new Set([301, 302, 303, 307, 308]);
/** the only headers that may cross an origin (W131) */
const harmless = new Set(["accept", "accept-encoding", "range", "user-agent"]);

/** Follows redirects by hand (W130–W133): reads anywhere, writes only within the origin, credentials never beyond it. */
export function following(next: Send, onLeave: OnLeave): Send {
  return async (request, signal) => {
    const home = request.url.origin;
    let current: Request = request;
    let response = await next(current, signal);
    for (let hop = 0; statuses.has(response.status); hop++) {
      const target = targetOf(response, current);
      if (target === undefined) return response;
      const leaves = target.origin !== home;
      if (leaves && onLeave === "return") return response;
      await response.discard();
      if (hop === maxHops)
        throw refused(current, "redirects more than five times");
      if (leaves && onLeave === "refuse")
        throw refused(current, `redirects to ${target.origin}`);
      current = redirected(current, { target, status: response.status, home });
      response = await next(current, signal);
    }
    return current.url.origin === home
      ? response
      : unchallenging(response, request, current.url);
  };
}

/** What another host asks for is nothing that our login answers (W133). */
async function unchallenging(
  response: Response,
  request: Request,
  url: URL,
): Promise<Response> {
  const headers = { ...response.headers, "www-authenticate": undefined };
  if (response.status !== 401) return { ...response, headers };
  await response.discard();
  throw lost(request, {
    fault: "denied",
    code: "AUTH_DENIED",
    why: `${request.url.origin} redirects to ${safeUrl(url)}, and that asks for credentials of its own`,
    remedy:
      "no credential is shown to a host that it was not configured for; mend the registry's storage redirect",
  });
}

function targetOf(response: Response, request: Request): URL | undefined {
  const location = header(response, "location");
  if (location === undefined) return undefined;
  if (URL.canParse(location, request.url.href))
    return new URL(location, request.url);
  throw refused(request, "redirects to something that is not a URL");
}

function redirected(
  request: Request,
  to: { readonly target: URL; readonly status: number; readonly home: string },
): Request {
  const { target, status, home } = to;
  const why = whyRefused(request, target);
  if (why !== undefined) throw refused(request, why);
  const staysHome = target.origin === home && request.url.origin === home;
  if (
    !isRead(request) &&
    !(staysHome && keepsMethod(status) && isReplayable(request))
  ) {
    throw refused(request, `redirects a ${request.method}`);
  }
  if (staysHome) return { ...request, url: target };
  const kept = Object.entries(request.headers).filter(([name]) =>
    harmless.has(name),
  );
  return {
    ...request,
    url: target,
    headers: Object.fromEntries(kept),
    ledBy: request.ledBy ?? new URL(home),
  };
}

function isRead({ method }: Request): boolean {
  return method === "GET" || method === "HEAD";
}

function keepsMethod(status: number): boolean {
  return status === 307 || status === 308;
}

function whyRefused(request: Request, target: URL): string | undefined {
  if (target.username || target.password) {
    return "redirects to a URL with a user name";
  }
  if (target.protocol === "https:") return undefined;
  if (target.protocol !== "http:") return `redirects to ${target.protocol}`;
  if (request.url.protocol === "https:") {
    return "redirects from https to http";
  }
  return target.hostname === request.url.hostname
    ? undefined
    : "redirects to another host over http"; // N55
}

function refused(request: Request, does: string): NoAnswer {
  return lost(request, {
    fault: "corrupt",
    code: "REDIRECT_REFUSED",
    why: `${request.url.origin} ${does}`,
    remedy: "check what the registry, or the proxy before it, redirects to",
  });
}

/** Whoever asked adds what for, and at which reference. */
function lost(
  { url }: Request,
  reason: Omit<NoAnswer["reason"], "retryable">,
): NoAnswer {
  const asked = { what: `could not follow ${url.origin}`, where: {} };
  return new NoAnswer({ ...reason, retryable: false }, asked);
}
