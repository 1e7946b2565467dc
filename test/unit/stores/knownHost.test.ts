import type { Credential } from "../../../provider/mirror/credential";
import { challenge, origin, world } from "./gateWorld";
import { mirrorUser } from "./opened";
import { json, type Reply } from "./script";

const other = { name: "team/other", scopes: ["repository:team/other:pull"] };
const basicChallenge = { "www-authenticate": 'Basic realm="x"' };
const login = `Basic ${btoa("mirror:secret")}`;

test("a second repository of a host meets no 401: its token is fetched first", async () => {
  const { ask, script } = world({ credential: mirrorUser });
  await ask();
  await expect(ask(other)).resolves.toMatchObject({ status: 200 });
  expect(
    script.requests.map(({ url }) => [
      url.pathname,
      ...url.searchParams.getAll("scope"),
    ]),
  ).toEqual([
    ["/v2/team/app/manifests/1"],
    ["/token", "repository:team/app:pull"],
    ["/v2/team/app/manifests/1"],
    ["/token", "repository:team/other:pull"],
    ["/v2/team/other/manifests/1"],
  ]);
});

test("repositories that are asked at once wait for the first answer of their host, and meet no 401 then", async () => {
  const { ask, script } = world({
    credential: mirrorUser,
    token: (_, nth) => json({ token: `token-${nth}` }),
    answer: ({ url, headers }) =>
      url.pathname !== "/token" && headers["authorization"]
        ? { status: 200 }
        : undefined,
  });
  await Promise.all([ask(), ask(other), ask({ ...other, name: "team/third" })]);
  const refused = script.requests.filter(
    ({ url, headers }) =>
      url.pathname !== "/token" && !headers["authorization"],
  );
  expect(refused).toHaveLength(1);
});

test("W28: at a host that wants Basic the second repository says it at once", async () => {
  const { ask, script } = world({
    credential: mirrorUser,
    answer: ({ headers }) =>
      headers["authorization"] === login
        ? { status: 200 }
        : { status: 401, headers: basicChallenge },
  });
  await ask();
  await ask(other);
  expect(script.requests).toHaveLength(3);
});

test("W21: a repository whose challenge is another one than its host's is asked as it says itself", async () => {
  const { ask, tokens } = world({
    credential: mirrorUser,
    trustedRealms: ["auth.example"],
    answer: ({ url, headers }): Reply | undefined => {
      if (url.host === "auth.example") return json({ token: "own" });
      if (!url.pathname.includes("other")) return undefined;
      return headers["authorization"] === "Bearer own"
        ? { status: 200 }
        : {
            status: 401,
            headers: {
              "www-authenticate": challenge.replace(
                origin,
                "https://auth.example",
              ),
            },
          };
    },
  });
  await ask();
  await expect(ask(other)).resolves.toMatchObject({ status: 200 });
  expect(tokens().map(({ url }) => url.host)).toEqual([
    "reg.example",
    "reg.example",
    "auth.example",
  ]);
});

test.each([
  ["refuses its scope", { status: 403 }],
  ["does not know who asks", { status: 401 }],
])(
  "a repository that is open to all is read although the host's token server %s",
  async (_, refusal) => {
    const { ask } = world({
      credential: mirrorUser,
      token: (__, nth) => (nth > 1 ? refusal : json({ token: "token-1" })),
      answer: ({ url }) =>
        url.pathname.includes("other") ? { status: 200 } : undefined,
    });
    await ask();
    await expect(ask(other)).resolves.toMatchObject({ status: 200 });
  },
);

test("W29: a password that the second repository refuses is final", async () => {
  const { ask, script } = world({
    credential: mirrorUser,
    answer: ({ url, headers }) =>
      headers["authorization"] === login && !url.pathname.includes("other")
        ? { status: 200 }
        : { status: 401, headers: basicChallenge },
  });
  await ask();
  await expect(ask(other)).resolves.toMatchObject({ status: 401 });
  expect(script.requests).toHaveLength(3);
});

test("N54: each repository is asked with its own credential, known host or not", async () => {
  const { ask, script } = world({
    credential: async (repository): Promise<Credential> => ({
      ...mirrorUser,
      id: repository,
      username: repository.split("/").at(-1) ?? "",
    }),
    answer: ({ headers }) =>
      headers["authorization"]
        ? { status: 200 }
        : { status: 401, headers: basicChallenge },
  });
  await ask();
  await ask(other);
  expect(
    script.requests.map(({ headers }) => headers["authorization"]),
  ).toEqual([
    undefined,
    `Basic ${btoa("app:secret")}`,
    `Basic ${btoa("other:secret")}`,
  ]);
});

test("a token server that is out of order is told as that", async () => {
  const { ask } = world({
    credential: mirrorUser,
    token: (_, nth) => (nth > 1 ? { status: 503 } : json({ token: "token-1" })),
  });
  await ask();
  await expect(ask(other)).rejects.toMatchObject({
    code: "REGISTRY_UNAVAILABLE",
  });
});
