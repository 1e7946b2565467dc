import type {
  Credential,
  FindCredential,
} from "../../../provider/mirror/credential";
import type { Request, Response } from "../../../provider/mirror/ports";
import { authorized } from "../../../provider/stores/registry/login/authorize";
import { Keyring } from "../../../provider/stores/registry/login/keyring";
import type {
  Gate,
  Scopes,
} from "../../../provider/stores/registry/login/pass";
import { following } from "../../../provider/stores/registry/wire/redirect";
import { fakeClock, type FakeClock } from "./opened";
import { json, reachBy, scripted, type Reply, type Script } from "./script";

export const origin = "https://reg.example";
export const challenge = `Bearer realm="${origin}/token",service="reg.example",scope="repository:team/app:pull"`;
export const pull = ["repository:team/app:pull"];

export interface World {
  readonly script: Script;
  readonly clock: FakeClock;
  readonly ask: (options?: {
    scopes?: Scopes;
    path?: string;
    body?: Request["body"];
    method?: Request["method"];
    /** whose gate it is; `team/app` where none is named */
    name?: string;
  }) => Promise<Response>;
  readonly tokens: () => readonly Request[];
}

/** A registry that wants the token it gave last, unless the script says otherwise. */
export function world(
  options: {
    credential?: Credential | undefined | FindCredential;
    trustedRealms?: readonly string[];
    plainHttp?: boolean;
    origin?: string;
    answer?: (request: Request, nth: number) => Reply | Error | undefined;
    token?: (request: Request, nth: number) => Reply;
  } = {},
): World {
  let given = 0;
  const home = options.origin ?? origin;
  const script = scripted((request, nth) => {
    const special = options.answer?.(request, nth);
    if (special !== undefined) return special;
    if (request.url.pathname === "/token") {
      given += 1;
      return (
        options.token?.(request, given) ?? json({ token: `token-${given}` })
      );
    }
    const isLoggedIn =
      request.headers["authorization"] === `Bearer token-${given}`;
    return isLoggedIn
      ? { status: 200 }
      : {
          status: 401,
          headers: { "www-authenticate": challenge.replaceAll(origin, home) },
        };
  });
  const clock = fakeClock();
  const { credential } = options;
  const find: FindCredential =
    typeof credential === "function" ? credential : async () => credential;
  const keyring = new Keyring(find, clock);
  const reach = reachBy(script.send);
  const gateOf = (name: string): Gate => ({
    repository: `${new URL(home).host}/${name}`,
    keyring,
    clock,
    realms: {
      origin: home,
      plainHttp: options.plainHttp ?? false,
      trustedRealms: options.trustedRealms ?? [],
    },
    toTokenServer: () => following(script.send, "refuse"),
  });
  return {
    script,
    clock,
    ask: ({
      scopes = pull,
      name = "team/app",
      path = `/v2/${name}/manifests/1`,
      body,
      method = "GET",
    } = {}) => {
      const send = authorized(following(script.send, "follow"), {
        gate: gateOf(name),
        scopes,
        reach,
        asked: { what: "could not ask", where: { side: "source" } },
      });
      return send(
        {
          method,
          url: new URL(path, home),
          headers: {},
          ...(body === undefined ? {} : { body }),
        },
        reach.signal,
      );
    },
    tokens: () =>
      script.requests.filter(({ url }) => url.pathname === "/token"),
  };
}

export function challengedBy(
  realm: string,
): (request: Request) => Reply | undefined {
  return ({ url, headers }) =>
    url.origin === origin && headers["authorization"] === undefined
      ? {
          status: 401,
          headers: {
            "www-authenticate": `Bearer realm="${realm}",service="s"`,
          },
        }
      : undefined;
}

export function leaks(script: Script, home = origin): readonly string[] {
  return script.requests
    .filter(({ url }) => url.origin !== home)
    .filter((request) =>
      JSON.stringify([
        request.headers,
        String(request.url),
        request.body?.toString(),
      ]).match(/authorization|secret|bWlycm9y/),
    )
    .map(({ url }) => url.href);
}
