import type { Credential } from "../../../provider/mirror/credential";
import { digestOf } from "../../../provider/oci/digest";
import { redact } from "../../../provider/stores/registry/wire/redact";
import { openRegistries } from "../../../provider/stores/registry/registry";
import { fakeClock, referenceTo } from "../stores/opened";
import { json, reachBy, scripted, type Reply } from "../stores/script";

const digest = digestOf(Buffer.from("x"));
const home = "https://reg.example";
const told: Credential = {
  kind: "basic",
  id: "c1",
  source: "docker's configuration",
  username: "robot",
  secret: "hunter2-hunter2",
};
const token = "tok.en-that.nobody-else_knows";

/** What is said when the registry answers the request, once it has seen the credential. */
async function messageOf(
  refusal: Reply,
  options: {
    readonly challenge?: string;
    readonly tokenServer?: Reply;
    readonly credential?: Credential;
  } = {},
): Promise<string> {
  const {
    challenge,
    tokenServer = json({ token }),
    credential = told,
  } = options;
  const { send } = scripted(({ url, headers }) => {
    if (url.pathname === "/token") return tokenServer;
    if (challenge === undefined || headers["authorization"] !== undefined)
      return refusal;
    return { status: 401, headers: { "www-authenticate": challenge } };
  });
  const store = openRegistries({
    registries: [],
    credentials: async () => credential,
    clock: fakeClock(),
  })(referenceTo("reg.example/a/b"), { side: "source", isWriter: false });
  return store.resolve(digest, reachBy(send)).then(
    () => "no error",
    (error: unknown) => (error instanceof Error ? error.message : "not ours"),
  );
}

const denied = (message: string): Reply =>
  json({ errors: [{ code: "DENIED", message }] }, 403);
const basic = `Basic realm="here"`;
const bearer = `Bearer realm="${home}/token",service="reg.example"`;

test("a refusal cannot move the terminal's cursor or start a line of its own", async () => {
  const message = await messageOf(
    denied("no\u001b[2K\u001b[1A\u009b31m\r\n\u2028signedBy: OK\u202e\u0007"),
  );
  expect(message).toContain("signedBy: OK");
  expect(message).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
});

test.each([
  ["the password", basic, denied(`robot may not use ${told.secret} here`)],
  [
    "the password in base64",
    basic,
    denied(
      `header was ${Buffer.from(`robot:${told.secret}`).toString("base64")}`,
    ),
  ],
  ["the token", bearer, denied(`no such token ${token}`)],
  [
    "the token as plain text",
    bearer,
    { status: 403, body: `you sent ${token}` },
  ],
])(
  "a registry that echoes %s gets it into no message",
  async (_, challenge, refusal) => {
    const message = await messageOf(refusal, { challenge });
    expect(message).toMatch(/may not|header|no such|you sent/);
    for (const secret of [
      told.secret,
      token,
      Buffer.from(`robot:${told.secret}`).toString("base64"),
    ])
      expect(message).not.toContain(secret);
  },
);

test("a token server that echoes an identity token gets it into no message", async () => {
  const secret = "refresh-0123456789-refresh";
  const message = await messageOf(denied("never asked"), {
    challenge: bearer,
    credential: { kind: "identityToken", id: "c2", source: "x", secret },
    tokenServer: json(
      { errors: [{ code: "NO", message: `bad ${secret}` }] },
      400,
    ),
  });
  expect(message).toContain("the token server");
  expect(message).not.toContain(secret);
});

test.each([
  ["a-".repeat(32_768)],
  ["x-amz-".repeat(10_900)],
  ["http://".repeat(9_300)],
  ["token= ".repeat(9_300)],
  [`basic ${" ".repeat(65_000)}`],
])(
  "words that are made to be slow to redact are redacted at once: %#",
  (words) => {
    const begin = performance.now();
    redact(words);
    expect(performance.now() - begin).toBeLessThan(1000);
  },
);

test("W146: a refusal that is nested without end is an answer like any other", async () => {
  const body = `{"errors":[${"[".repeat(30_000)}${"]".repeat(30_000)}]}`;
  await expect(messageOf({ status: 400, body })).resolves.toContain("HTTP 400");
});
