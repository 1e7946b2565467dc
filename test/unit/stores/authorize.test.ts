import type { Credential } from "../../../provider/mirror/credential";
import { scopesOf } from "../../../provider/stores/registry/login/scopes";
import { challenge, challengedBy, origin, pull, world } from "./gateWorld";
import { mirrorUser } from "./opened";
import { json } from "./script";

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

test("W29, F14: a stale token is renewed once, and a second 401 is final", async () => {
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

test("W29, F63: 50 requests at once fetch one token", async () => {
  const { ask, tokens } = world({ credential: mirrorUser });
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask()));
  expect(answers.map(({ status }) => status)).toEqual(
    Array.from({ length: 50 }, () => 200),
  );
  expect(tokens()).toHaveLength(1);
});

test("W29: 50 first requests at once meet one challenge: the first goes alone", async () => {
  const { ask, script } = world({ credential: mirrorUser });
  await Promise.all(Array.from({ length: 50 }, () => ask()));
  expect(script.requests).toHaveLength(1 + 1 + 50);
});

test("a first request that fails keeps none of the others waiting", async () => {
  const { ask } = world({
    credential: mirrorUser,
    answer: (_, nth) => (nth === 1 ? new Error("no route") : undefined),
  });
  const answers = await Promise.allSettled([ask(), ask(), ask()]);
  expect(answers.map(({ status }) => status)).toEqual([
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
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
