import type { Credential } from "../../../provider/mirror/credential";
import { origin, pull, world } from "./gateWorld";
import { mirrorUser } from "./opened";
import { json } from "./script";

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

test.each([
  ["21600", "2026-01-01T06:00:00.000Z"],
  ["Thu, 01 Jan 2026 02:00:00 GMT", "2026-01-01T02:00:00.000Z"],
])(
  "F08: a token server's 429 says when to ask again: Retry-After %s",
  async (after, at) => {
    const { ask } = world({
      token: () => ({ status: 429, headers: { "retry-after": after } }),
    });
    await expect(ask()).rejects.toMatchObject({
      code: "RATE_LIMITED",
      retryAt: new Date(at),
      message: expect.stringContaining(`to be asked again at ${at}`),
    });
  },
);

test("F08: a token server's 429 without Retry-After has no time to tell", async () => {
  const { ask } = world({ token: () => ({ status: 429 }) });
  await expect(ask()).rejects.toMatchObject({
    code: "RATE_LIMITED",
    retryAt: undefined,
  });
});
