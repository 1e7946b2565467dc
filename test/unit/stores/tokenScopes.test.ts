import { challenge, pull, world } from "./gateWorld";
import { mirrorUser } from "./opened";
import { json } from "./script";

const missing = (scope: string): string =>
  `${challenge.replace("repository:team/app:pull", scope)},error="insufficient_scope"`;

/** A registry that finds the first token too narrow. */
function narrowAtFirst(
  scope: string,
  token?: NonNullable<Parameters<typeof world>[0]>["token"],
): ReturnType<typeof world> {
  return world({
    credential: mirrorUser,
    ...(token === undefined ? {} : { token }),
    answer: ({ url, headers }) =>
      url.pathname !== "/token" && headers["authorization"] === "Bearer token-1"
        ? { status: 401, headers: { "www-authenticate": missing(scope) } }
        : undefined,
  });
}

test("W30, F17: several scopes in one challenge are asked for one by one, before ours", async () => {
  const { ask, tokens } = narrowAtFirst(
    "repository:other:pull repository:team/app:pull,push",
  );
  await expect(ask()).resolves.toMatchObject({ status: 200 });
  expect(tokens()[1]?.url.searchParams.getAll("scope")).toEqual([
    "repository:other:pull",
    "repository:team/app:pull,push",
    ...pull,
  ]);
});

test("F16: a token server that takes one scope only is asked for the one that is missing", async () => {
  const { ask, tokens } = narrowAtFirst(
    "repository:team/app:pull,push",
    ({ url }, nth) =>
      url.searchParams.getAll("scope").length > 1
        ? { status: 400 }
        : json({ token: `token-${nth}` }),
  );
  await expect(ask()).resolves.toMatchObject({ status: 200 });
  expect(tokens().map(({ url }) => url.searchParams.getAll("scope"))).toEqual([
    pull,
    ["repository:team/app:pull,push", ...pull],
    ["repository:team/app:pull,push"],
  ]);
});

test("F16: a token server that refuses for another reason is not asked again", async () => {
  const { ask, tokens } = narrowAtFirst(
    "repository:team/app:pull,push",
    (_, nth) => (nth > 1 ? { status: 403 } : json({ token: "token-1" })),
  );
  await expect(ask()).rejects.toMatchObject({ code: "AUTH_DENIED" });
  expect(tokens()).toHaveLength(2);
});

test("W29: a challenge for what was asked already is final", async () => {
  const { ask, tokens } = narrowAtFirst("repository:team/app:pull", () =>
    json({ token: "token-1" }),
  );
  await expect(ask()).resolves.toMatchObject({ status: 401 });
  expect(tokens()).toHaveLength(1);
});

test.each([
  ["a wider scope", { scope: "repository:*:*" }],
  ["another scope", { scope: "registry:catalog:*" }],
  ["no scope", { scope: "" }],
])(
  "N62: a token said to be for %s changes nothing in what we ask",
  async (_, said) => {
    const { ask, tokens, script } = world({
      credential: mirrorUser,
      token: (__, nth) => json({ token: `token-${nth}`, ...said }),
    });
    await expect(ask()).resolves.toMatchObject({ status: 200 });
    await ask({ path: "/v2/team/app/blobs/x" });
    expect(tokens().map(({ url }) => url.searchParams.getAll("scope"))).toEqual(
      [pull],
    );
    expect(script.requests).toHaveLength(4);
  },
);

test("N62: a token that is good for nothing ends in a refusal, after one try", async () => {
  const { ask, tokens } = world({
    credential: mirrorUser,
    token: () => json({ token: "empty", scope: "" }),
  });
  await expect(ask()).resolves.toMatchObject({ status: 401 });
  expect(tokens()).toHaveLength(1);
});

test("W27: a refresh token that comes with a token is shown to nobody", async () => {
  const { ask, script, clock } = world({
    credential: mirrorUser,
    token: (_, nth) =>
      json({ token: `token-${nth}`, refresh_token: "canary-refresh" }),
  });
  await ask();
  clock.advance(3_600_000);
  await ask();
  const sent = script.requests.map(({ url, headers, body }) =>
    JSON.stringify([url, headers, String(body)]),
  );
  expect(sent).toHaveLength(5);
  expect(sent.join()).not.toContain("canary-refresh");
});

test("W22: no offline token is asked for, and no account is named", async () => {
  const { ask, tokens } = world({ credential: mirrorUser });
  await ask();
  expect([...(tokens()[0]?.url.searchParams.keys() ?? [])]).toEqual([
    "service",
    "scope",
  ]);
});

test("W22: a challenge without a service is answered without one", async () => {
  const { ask, tokens } = world({
    credential: mirrorUser,
    answer: ({ url, headers }) =>
      url.pathname !== "/token" && headers["authorization"] === undefined
        ? {
            status: 401,
            headers: {
              "www-authenticate": challenge.replace(
                ',service="reg.example"',
                "",
              ),
            },
          }
        : undefined,
  });
  await ask();
  expect(tokens()[0]?.url.searchParams.has("service")).toBe(false);
});

test("W31: of a refusal by the token server 64 KiB are read", async () => {
  const { ask } = world({
    token: () => ({
      status: 401,
      headers: { "content-type": "text/plain" },
      body: "x".repeat(10_000_000),
    }),
  });
  const failure = await ask().catch((error: unknown) => error);
  expect(String(failure).length).toBeLessThan(2000);
});
