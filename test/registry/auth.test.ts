import { image } from "../samples/artifacts";
import { inRegistry, put } from "../samples/target";
import { ask } from "./plainHttp";
import { counts, scopesAsked, writes } from "./recorder";
import {
  type RegistryOptions,
  startRegistry,
  type TestRegistry,
} from "./registry";

const sample = image();
const basic = (user: string, password: string) =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
const reader = { password: "look", allows: ["repository:team/*:pull"] };
let registry: TestRegistry | undefined;

async function start(options: RegistryOptions): Promise<TestRegistry> {
  registry = await startRegistry(options);
  await put(inRegistry(registry, "team/app"), sample, "v1");
  return registry;
}
afterEach(async () => {
  await registry?.close();
  registry = undefined;
});

async function token(
  { origin }: TestRegistry,
  scopes: readonly string[],
  authorization?: string,
): Promise<string> {
  const query = scopes
    .map((one) => `scope=${encodeURIComponent(one)}`)
    .join("&");
  const answer = await ask(origin, {
    path: `/token?service=x&${query}`,
    headers: authorization ? { authorization } : {},
  });
  const body: unknown = JSON.parse(answer.body.toString());
  return typeof body === "object" && body !== null && "token" in body
    ? String(body.token)
    : "";
}

const tag = { path: "/v2/team/app/manifests/v1" };

test("without a token the challenge names realm, service and the scope that is missing", async () => {
  const { origin, host, requests } = await start({ auth: "token" });
  const answer = await ask(origin, tag);
  expect(answer.status).toBe(401);
  expect(answer.headers["www-authenticate"]).toBe(
    `Bearer realm="${origin}/token",service="${host}",scope="repository:team/app:pull"`,
  );
  expect(counts(requests)).toEqual({ challenge: 1 });
});

test.each([
  ["GET", "repository:team/app:pull", 200],
  ["GET", "repository:team/other:pull", 401],
  ["PUT", "repository:team/app:pull", 401],
  ["PUT", "repository:team/app:push", 401],
  ["PUT", "repository:team/app:pull,push", 201],
  ["DELETE", "repository:team/app:pull,push", 401],
  ["DELETE", "repository:team/app:delete", 202],
])("a %s with a token for %s is %i", async (method, scope, status) => {
  const running = await start({ auth: "token" });
  const bearer = await token(running, [scope], basic("mirror", "secret"));
  const answer = await ask(running.origin, {
    ...tag,
    method,
    headers: {
      authorization: `Bearer ${bearer}`,
      "content-type": sample.descriptor.mediaType,
    },
    ...(method === "PUT" ? { body: sample.bytes } : {}),
  });
  expect(answer.status).toBe(status);
  if (status === 401) {
    expect(answer.headers["www-authenticate"]).toContain("insufficient_scope");
  }
});

test("a user is granted no more than is allowed, and what was asked for is recorded", async () => {
  const running = await start({ auth: "token", users: { reader } });
  const scope = "repository:team/app:pull,push";
  const bearer = await token(running, [scope], basic("reader", "look"));
  const answer = await ask(running.origin, {
    ...tag,
    headers: { authorization: `Bearer ${bearer}` },
  });
  expect(answer.status).toBe(200);
  expect(scopesAsked(running.requests)).toEqual([scope]);
  expect(running.requests.at(-1)?.authorization).toEqual({
    scheme: "Bearer",
    scopes: ["repository:team/app:pull"],
  });
});

test("a mount needs to read where the blob comes from", async () => {
  const running = await start({ auth: "token" });
  const [blob] = sample.blobs;
  const digest = running.putBlob("team/app", blob ?? Buffer.alloc(0));
  const mount = async (scopes: readonly string[]) => {
    const bearer = await token(running, scopes, basic("mirror", "secret"));
    return await ask(running.origin, {
      method: "POST",
      path: `/v2/team/copy/blobs/uploads/?mount=${digest}&from=team/app`,
      headers: { authorization: `Bearer ${bearer}` },
    });
  };
  const copy = "repository:team/copy:pull,push";
  expect((await mount([copy])).status).toBe(401);
  expect((await mount([copy, "repository:team/app:pull"])).status).toBe(201);
});

test("an identity token stands for its user at POST /token, and its scopes are recorded", async () => {
  const running = await start({
    auth: "token",
    users: { reader: { ...reader, identityToken: "refresh-me" } },
  });
  const form =
    "grant_type=refresh_token&refresh_token=refresh-me&scope=repository:team/app:pull+repository:team/b:pull";
  const answer = await ask(running.origin, {
    method: "POST",
    path: "/token",
    body: form,
  });
  expect(answer.status).toBe(200);
  expect(scopesAsked(running.requests)).toEqual([
    "repository:team/app:pull",
    "repository:team/b:pull",
  ]);
  expect(writes(running.requests)).toEqual([]);
  const wrong = form.replace("refresh-me", "guessed");
  expect(
    (await ask(running.origin, { method: "POST", path: "/token", body: wrong }))
      .status,
  ).toBe(401);
});

test.each([
  ["accept", 200, 200],
  ["firstOnly", 200, 401],
  ["refuse", 400, 401],
] as const)(
  "repeated scopes: %s",
  async (repeatedScopes, tokenStatus, secondStatus) => {
    const running = await start({
      auth: "token",
      tokenServer: { repeatedScopes },
    });
    const scopes = ["repository:team/x:pull", "repository:team/app:pull"];
    const bearer = await token(running, scopes, basic("mirror", "secret"));
    expect(running.requests.at(-1)?.status).toBe(tokenStatus);
    const headers = { authorization: `Bearer ${bearer}` };
    expect((await ask(running.origin, { ...tag, headers })).status).toBe(
      secondStatus,
    );
  },
);

test("a token that was expired on command is worth nothing", async () => {
  const running = await start({ auth: "token" });
  const bearer = await token(
    running,
    ["repository:team/app:pull"],
    basic("mirror", "secret"),
  );
  running.expireTokens();
  const headers = { authorization: `Bearer ${bearer}` };
  expect((await ask(running.origin, { ...tag, headers })).status).toBe(401);
});

test.each([
  ["mirror", "secret", 200],
  ["mirror", "wrong", 401],
  ["nobody", "secret", 401],
])("basic: %s with %s is %i", async (user, password, status) => {
  const running = await start({ auth: "basic" });
  const headers = { authorization: basic(user, password) };
  const answer = await ask(running.origin, { ...tag, headers });
  expect(answer.status).toBe(status);
  if (status === 401)
    expect(answer.headers["www-authenticate"]).toMatch(/^Basic /);
});

test("no secret stays in the recorder", async () => {
  const running = await start({ auth: "token" });
  const bearer = await token(
    running,
    ["repository:team/app:pull"],
    basic("mirror", "secret"),
  );
  await ask(running.origin, {
    ...tag,
    headers: { authorization: `Bearer ${bearer}` },
  });
  const text = JSON.stringify(running.requests);
  expect(text).not.toContain(bearer);
  expect(text).not.toContain(basic("mirror", "secret").slice(6));
});
