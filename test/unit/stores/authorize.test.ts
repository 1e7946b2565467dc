import type {
  Credential,
  FindCredential,
} from "../../../provider/mirror/credential";
import type { Request, Response } from "../../../provider/mirror/ports";
import {
  authorized,
  type Scopes,
} from "../../../provider/stores/registry/authorize";
import { Keyring } from "../../../provider/stores/registry/keyring";
import { following } from "../../../provider/stores/registry/redirect";
import { scopesOf } from "../../../provider/stores/registry/scopes";
import { fakeClock, mirrorUser, type FakeClock } from "./opened";
import { json, reachBy, scripted, type Reply, type Script } from "./script";

const origin = "https://reg.example";
const challenge = `Bearer realm="${origin}/token",service="reg.example",scope="repository:team/app:pull"`;
const pull = ["repository:team/app:pull"];

interface World {
  readonly script: Script;
  readonly clock: FakeClock;
  ask(options?: {
    scopes?: Scopes;
    path?: string;
    body?: Request["body"];
    method?: Request["method"];
  }): Promise<Response>;
  tokens(): readonly Request[];
}

/** A registry that wants the token it gave last, unless the script says otherwise. */
function world(
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
  const gate = {
    repository: `${new URL(home).host}/team/app`,
    keyring,
    clock,
    realms: {
      origin: home,
      plainHttp: options.plainHttp ?? false,
      trustedRealms: options.trustedRealms ?? [],
    },
    toTokenServer: () => following(script.send, "refuse"),
  };
  return {
    script,
    clock,
    ask: ({
      scopes = pull,
      path = "/v2/team/app/manifests/1",
      body,
      method = "GET",
    } = {}) => {
      const send = authorized(following(script.send, "follow"), {
        gate,
        scopes,
        reach,
        asked: { what: "could not ask", where: {} },
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

function challengedBy(realm: string): (request: Request) => Reply | undefined {
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

function leaks(script: Script, home = origin): readonly string[] {
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

test("W22: the token request is realm, service and scope, with Basic, and nothing else", async () => {
  const { ask, tokens } = world({ credential: mirrorUser });
  await expect(ask()).resolves.toMatchObject({ status: 200 });
  expect(
    tokens().map(({ method, url, headers }) => [
      method,
      url.href,
      headers["authorization"],
    ]),
  ).toEqual([
    [
      "GET",
      `${origin}/token?service=reg.example&scope=repository%3Ateam%2Fapp%3Apull`,
      `Basic ${btoa("mirror:secret")}`,
    ],
  ]);
});

test("W22: without a credential the token is asked for anonymously", async () => {
  const { ask, tokens } = world();
  await expect(ask()).resolves.toMatchObject({ status: 200 });
  expect(tokens()[0]?.headers).toEqual({});
});

test("W21: no ping: the first request is the real one, and its 401 is the challenge", async () => {
  const { ask, script } = world({ credential: mirrorUser });
  await ask();
  expect(script.requests.map(({ url }) => url.pathname)).toEqual([
    "/v2/team/app/manifests/1",
    "/token",
    "/v2/team/app/manifests/1",
  ]);
});

test("a challenge is remembered for its repository, so later requests carry the token at once", async () => {
  const { ask, script } = world({ credential: mirrorUser });
  await ask();
  await ask({ path: "/v2/team/app/blobs/x" });
  expect(script.requests).toHaveLength(4);
  expect(script.requests[3]?.headers["authorization"]).toBe("Bearer token-1");
});

test.each([
  ["token", { token: "a" }, "Bearer a"],
  ["access_token", { access_token: "b" }, "Bearer b"],
  ["both", { token: "a", access_token: "b" }, "Bearer b"],
])("W23: %s", async (_, body, expected) => {
  const { ask, script } = world({
    credential: mirrorUser,
    token: () => json(body),
    answer: ({ headers }) =>
      headers["authorization"] === expected ? { status: 200 } : undefined,
  });
  await expect(ask()).resolves.toMatchObject({ status: 200 });
  expect(script.requests).toHaveLength(3);
});

test.each([
  ["no expires_in counts as 60 s", {}, 47_000, 49_000],
  ["too short a life counts as 60 s", { expires_in: 1 }, 47_000, 49_000],
  ["renewed at 80 %", { expires_in: 300 }, 239_000, 241_000],
  [
    "issued_at and the wall clock do not matter",
    { expires_in: 300, issued_at: "2020-01-01T00:00:00Z" },
    239_000,
    241_000,
  ],
])("W24: %s", async (_, life, good, stale) => {
  const { ask, tokens, clock } = world({
    credential: mirrorUser,
    token: (__, nth) => json({ token: `token-${nth}`, ...life }),
  });
  await ask();
  clock.advance(good);
  await ask();
  expect(tokens()).toHaveLength(1);
  clock.advance(stale - good);
  await ask();
  expect(tokens()).toHaveLength(2);
});

const identity: Credential = {
  kind: "identityToken",
  id: "i",
  source: "the test",
  secret: "refresh-secret",
};

test("W25: an identity token is exchanged by POST", async () => {
  const { ask, tokens } = world({ credential: identity });
  await expect(
    ask({ scopes: [...pull, "repository:b:pull"] }),
  ).resolves.toMatchObject({ status: 200 });
  const [request] = tokens();
  expect(request?.method).toBe("POST");
  expect(request?.headers["authorization"]).toBeUndefined();
  expect(
    Object.fromEntries(new URLSearchParams(request?.body?.toString())),
  ).toEqual({
    grant_type: "refresh_token",
    client_id: "pulumi-artifact-mirror",
    service: "reg.example",
    scope: "repository:team/app:pull repository:b:pull",
    refresh_token: "refresh-secret",
  });
});

test.each([404, 405])(
  "W25: a token server that answers %i to POST is asked by GET",
  async (status) => {
    const { ask, tokens } = world({
      credential: identity,
      answer: ({ method }) => (method === "POST" ? { status } : undefined),
    });
    await expect(ask()).resolves.toMatchObject({ status: 200 });
    expect(tokens().map(({ method }) => method)).toEqual(["POST", "GET"]);
  },
);

test("a registry token is sent as it is, without a token request", async () => {
  const { ask, tokens } = world({
    credential: {
      kind: "registryToken",
      id: "r",
      source: "the test",
      secret: "as-is",
    },
    answer: ({ headers }) =>
      headers["authorization"] === "Bearer as-is" ? { status: 200 } : undefined,
  });
  await expect(ask()).resolves.toMatchObject({ status: 200 });
  expect(tokens()).toEqual([]);
});

test("W28: Basic is sent only after a Basic challenge", async () => {
  const { ask, script } = world({
    credential: mirrorUser,
    answer: ({ headers }) =>
      headers["authorization"] === `Basic ${btoa("mirror:secret")}`
        ? { status: 200 }
        : { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } },
  });
  await expect(ask()).resolves.toMatchObject({ status: 200 });
  expect(
    script.requests.map(({ headers }) => Boolean(headers["authorization"])),
  ).toEqual([false, true]);
});

test("W29: a stale token is renewed once, and a second 401 is final", async () => {
  let isRevoked = false;
  const { ask, tokens, script } = world({
    credential: mirrorUser,
    answer: ({ url }) =>
      isRevoked && url.pathname !== "/token"
        ? { status: 401, headers: { "www-authenticate": challenge } }
        : undefined,
  });
  await ask();
  isRevoked = true;
  const before = script.requests.length;
  await expect(ask()).resolves.toMatchObject({ status: 401 });
  expect(tokens()).toHaveLength(2);
  expect(script.requests.length - before).toBe(3);
});

test("W29: 50 requests at once fetch one token", async () => {
  const { ask, tokens } = world({ credential: mirrorUser });
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask()));
  expect(answers.map(({ status }) => status)).toEqual(
    Array.from({ length: 50 }, () => 200),
  );
  expect(tokens()).toHaveLength(1);
});

test("F62: a token request that failed is asked anew by the next request", async () => {
  const { ask } = world({
    credential: mirrorUser,
    token: (_, nth) =>
      nth === 1 ? { status: 500 } : json({ token: `token-${nth}` }),
  });
  await expect(ask()).rejects.toMatchObject({
    fault: "unreachable",
    code: "REGISTRY_UNAVAILABLE",
  });
  await expect(ask()).resolves.toMatchObject({ status: 200 });
});

test.each(["insufficient_scope", "invalid_scope"])(
  "W30: on %s the scope that is missing is asked for first",
  async (error) => {
    const missing = `${challenge.replace("team/app:pull", "other:pull")},error="${error}"`;
    const { ask, tokens } = world({
      credential: mirrorUser,
      answer: ({ url, headers }) =>
        url.pathname !== "/token" &&
        headers["authorization"] === "Bearer token-1"
          ? { status: 403, headers: { "www-authenticate": missing } }
          : undefined,
    });
    await expect(ask()).resolves.toMatchObject({ status: 200 });
    expect(tokens()[1]?.url.searchParams.getAll("scope")).toEqual([
      "repository:other:pull",
      ...pull,
    ]);
  },
);

test("a 403 without a scope to ask for is final", async () => {
  const { ask, script } = world({
    credential: mirrorUser,
    answer: () => ({ status: 403, headers: { "www-authenticate": challenge } }),
  });
  await expect(ask()).resolves.toMatchObject({ status: 403 });
  expect(script.requests).toHaveLength(1);
});

test("W31: a token answer of more than 64 KiB is refused", async () => {
  const { ask } = world({ token: () => json({ token: "x".repeat(70_000) }) });
  await expect(ask()).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
});

test.each(["a b", "a\r\nb", "", "ü"])(
  "N61: the token %j is refused",
  async (token) => {
    const { ask } = world({ token: () => json({ token }) });
    await expect(ask()).rejects.toMatchObject({ code: "PROTOCOL" });
  },
);

test("W32: a relative realm is resolved against the request", async () => {
  const { ask, tokens } = world({
    credential: mirrorUser,
    answer: challengedBy("/token"),
  });
  await ask();
  expect(tokens()[0]?.url.href).toContain(`${origin}/token?service=s`);
});

test.each([
  [
    "merges the actions of one repository",
    [
      ["a", ["push", "pull"]],
      ["a", ["pull"]],
    ],
    ["repository:a:pull,push"],
  ],
  [
    "keeps the order of repositories",
    [
      ["b", ["pull"]],
      ["a", ["pull"]],
    ],
    ["repository:b:pull", "repository:a:pull"],
  ],
  [
    "sorts the actions",
    [["a", ["push", "delete", "pull"]]],
    ["repository:a:delete,pull,push"],
  ],
] as const)("W41: %s", (_, access, expected) => {
  expect(
    scopesOf(access.map(([name, actions]) => ({ name, actions }))),
  ).toEqual(expected);
});

test("W43: another scope set is another token", async () => {
  const { ask, tokens } = world({
    credential: mirrorUser,
    answer: ({ headers }) =>
      headers["authorization"]?.startsWith("Bearer")
        ? { status: 200 }
        : undefined,
  });
  await ask();
  await ask({ scopes: ["repository:team/app:pull,push"] });
  expect(tokens().map(({ url }) => url.searchParams.get("scope"))).toEqual([
    "repository:team/app:pull",
    "repository:team/app:pull,push",
  ]);
});

describe("§3.2: which token server may see a credential", () => {
  test.each([
    ["N02", "https://attacker.test/token"],
    ["N03", "http://reg.example/token"],
    ["N04", "https://169.254.169.254/token"],
    ["N05", "https://0.0.0.0:99/token"],
    ["N05", "https://[::]/token"],
    ["N05", "https://[::ffff:127.0.0.1]/token"],
    ["N05", "https://0x7f000001/token"],
    ["N05", "https://localhost/token"],
    ["another port", "https://reg.example:444/token"],
    ["a user name", "https://x@reg.example/token"],
  ])("%s: %s is refused, and sees nothing", async (_, realm) => {
    const { ask, script } = world({
      credential: mirrorUser,
      answer: challengedBy(realm),
    });
    await expect(ask()).rejects.toMatchObject({
      code: "AUTH_REALM_UNTRUSTED",
      fault: "denied",
    });
    expect(script.requests).toHaveLength(1);
  });

  test.each([
    "https://169.254.169.254/token",
    "http://attacker.test/token",
    "https://[::1]/token",
  ])("%s is not asked even without a credential", async (realm) => {
    const { ask, script } = world({ answer: challengedBy(realm) });
    await expect(ask()).rejects.toMatchObject({ code: "AUTH_REALM_UNTRUSTED" });
    expect(script.requests).toHaveLength(1);
  });

  test("without a credential any https realm will do", async () => {
    const { ask, script } = world({
      answer: challengedBy("https://auth.elsewhere.test/token"),
    });
    await expect(ask()).resolves.toMatchObject({ status: 200 });
    expect(script.requests[1]).toMatchObject({
      headers: {},
      ledBy: new URL(origin),
    });
  });

  test("a trusted realm sees the credential", async () => {
    const { ask, tokens } = world({
      credential: mirrorUser,
      trustedRealms: ["auth.example"],
      answer: challengedBy("https://auth.example/token"),
    });
    await expect(ask()).resolves.toMatchObject({ status: 200 });
    expect(tokens()[0]?.headers["authorization"]).toBe(
      `Basic ${btoa("mirror:secret")}`,
    );
  });

  test("Docker Hub's token server is known", async () => {
    const hub = "https://registry-1.docker.io";
    const { ask, tokens } = world({
      origin: hub,
      credential: mirrorUser,
      answer: ({ url, headers }) =>
        url.origin === hub && headers["authorization"] === undefined
          ? {
              status: 401,
              headers: {
                "www-authenticate":
                  'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"',
              },
            }
          : undefined,
    });
    await expect(ask()).resolves.toMatchObject({ status: 200 });
    expect(tokens()[0]?.url.host).toBe("auth.docker.io");
  });

  test("N06: a token server that redirects to another host is refused, 0 leaks", async () => {
    const { ask, script } = world({
      credential: mirrorUser,
      token: () => ({
        status: 307,
        headers: { location: "https://attacker.test/token" },
      }),
    });
    await expect(ask()).rejects.toMatchObject({ code: "REDIRECT_REFUSED" });
    expect(leaks(script)).toEqual([]);
    expect(script.requests).toHaveLength(2);
  });
});

describe("redirects see no credential", () => {
  test.each(["https://reg.example:444/blob", "https://cdn.example/blob"])(
    "N08, W131: %s gets the request without one",
    async (target) => {
      const { ask, script } = world({
        credential: mirrorUser,
        answer: ({ url, headers }) => {
          if (url.href === target) return { status: 200 };
          return headers["authorization"] === "Bearer token-1"
            ? { status: 307, headers: { location: target } }
            : undefined;
        },
      });
      await expect(ask()).resolves.toMatchObject({ status: 200 });
      expect(script.requests.at(-1)).toMatchObject({
        headers: {},
        ledBy: new URL(origin),
      });
      expect(leaks(script)).toEqual([]);
    },
  );

  test("W131: the credential is not added again when a later hop returns home", async () => {
    const { ask, script } = world({
      credential: mirrorUser,
      answer: ({ url, headers }) => {
        if (url.host === "cdn.example")
          return { status: 307, headers: { location: `${origin}/back` } };
        if (url.pathname === "/back") return { status: 200 };
        return headers["authorization"] === "Bearer token-1"
          ? { status: 307, headers: { location: "https://cdn.example/x" } }
          : undefined;
      },
    });
    await ask();
    expect(script.requests.at(-1)?.url.pathname).toBe("/back");
    expect(script.requests.at(-1)?.headers["authorization"]).toBeUndefined();
  });

  test("N09, W133: a redirect target that wants a login gets none, and no token is asked for", async () => {
    const { ask, script, tokens } = world({
      credential: mirrorUser,
      answer: ({ url, headers }): Reply | undefined => {
        if (url.host === "cdn.example")
          return {
            status: 401,
            headers: {
              "www-authenticate": 'Bearer realm="https://cdn.example/token"',
            },
          };
        return headers["authorization"] === "Bearer token-1"
          ? { status: 307, headers: { location: "https://cdn.example/x" } }
          : undefined;
      },
    });
    await expect(ask()).rejects.toMatchObject({ code: "AUTH_DENIED" });
    expect(tokens()).toHaveLength(1);
    expect(leaks(script)).toEqual([]);
  });
});

test("§4.2.8: a refused credential is looked up once more, and used if it has changed", async () => {
  const old: Credential = { ...mirrorUser, id: "old", secret: "old-secret" };
  const rotated: Credential = {
    ...mirrorUser,
    id: "new",
    secret: "new-secret",
  };
  const asked: (string | undefined)[] = [];
  const { ask } = world({
    credential: async (_, __, refused) => {
      asked.push(refused?.id);
      return asked.length === 1 ? old : rotated;
    },
    answer: ({ headers }) => {
      if (headers["authorization"] === `Basic ${btoa("mirror:new-secret")}`)
        return { status: 200 };
      return {
        status: 401,
        headers: { "www-authenticate": 'Basic realm="x"' },
      };
    },
  });
  await expect(ask()).resolves.toMatchObject({ status: 200 });
  expect(asked).toEqual([undefined, "old"]);
});

test("§4.2.4: a refused password is not tried again", async () => {
  const { ask, script } = world({
    credential: mirrorUser,
    answer: () => ({
      status: 401,
      headers: { "www-authenticate": 'Basic realm="x"' },
    }),
  });
  await expect(ask()).resolves.toMatchObject({ status: 401 });
  expect(
    script.requests.filter(({ headers }) => headers["authorization"]),
  ).toHaveLength(1);
});

test("W16: every answer that is not handed on is let go", async () => {
  const { ask, script } = world({ credential: mirrorUser });
  await (await ask()).discard();
  expect(script.open()).toBe(0);
});

test("N42: what the token server says is repeated without the secret", async () => {
  const { ask } = world({
    credential: { ...mirrorUser, secret: "canary-4711" },
    token: () => ({
      status: 401,
      headers: { "content-type": "text/plain" },
      body: "bad password=canary-4711 at https://u:canary-4711@h/x?sig=canary-4711",
    }),
  });
  const failure = await ask().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "AUTH_DENIED" });
  expect(String(failure)).not.toContain("canary");
  expect(String(failure)).toContain("the credential from the test");
});
