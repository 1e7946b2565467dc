import { refusalError } from "../../../provider/stores/registry/refusalError";
import { readRefusal } from "../../../provider/stores/registry/wire/refusal";
import { scripted, type Reply } from "./script";

async function judged(
  reply: Reply,
  as = "with the credential from the test",
): Promise<Error> {
  const { send } = scripted(() => reply);
  const response = await send(
    { method: "GET", url: new URL("https://h/"), headers: {} },
    new AbortController().signal,
  );
  return refusalError(await readRefusal(response, (text) => text), {
    what: "could not read",
    where: { side: "source", reference: "h/a:1" },
    as,
  });
}

function said(status: number, code: string, message = "because"): Reply {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ errors: [{ code, message }] }),
  };
}

test.each([
  [said(401, "UNAUTHORIZED"), "denied", "AUTH_DENIED"],
  [said(403, "DENIED"), "denied", "AUTH_DENIED"],
  [
    said(403, "DENIED", "adding 5 MiB would exceed the quota"),
    "exceeded",
    "QUOTA",
  ], // F53
  [said(500, "UNKNOWN", "quota exceeded"), "exceeded", "QUOTA"],
  [said(500, "UNKNOWN", "write: no space left on device"), "exceeded", "QUOTA"],
  [{ status: 507 }, "exceeded", "QUOTA"],
  [said(404, "NAME_UNKNOWN"), "absent", "NOT_FOUND_REPO"],
  [said(404, "MANIFEST_UNKNOWN"), "absent", "NOT_FOUND_MANIFEST"],
  [said(404, "NOT_FOUND"), "absent", "NOT_FOUND_MANIFEST"], // F41
  [said(404, "BLOB_UNKNOWN"), "absent", "NOT_FOUND_BLOB"],
  [said(404, "SOMETHING"), "unreachable", "PROTOCOL"],
  [{ status: 404, body: "404 page not found" }, "unreachable", "PROTOCOL"],
  [
    {
      status: 404,
      headers: { "content-type": "text/html" },
      body: "<html>nothing here",
    },
    "unreachable",
    "PROTOCOL",
  ],
  [said(409, "DENIED"), "conflict", "TAG_IMMUTABLE"],
  [said(412, "PRECONDITION"), "conflict", "TAG_IMMUTABLE"], // F52
  [
    said(
      400,
      "TAG_INVALID",
      "The image tag '1' cannot be overwritten because the tag is immutable.",
    ),
    "conflict",
    "TAG_IMMUTABLE",
  ],
  [said(400, "MANIFEST_INVALID"), "corrupt", "PROTOCOL"],
  [said(405, "UNSUPPORTED"), "unsupported", "UNSUPPORTED"],
  [{ status: 413, body: "<html>" }, "exceeded", "LIMIT_EXCEEDED"], // F29
  [said(429, "TOOMANYREQUESTS"), "unreachable", "RATE_LIMITED"],
  [{ status: 503 }, "unreachable", "REGISTRY_UNAVAILABLE"],
])("§1.8, W146: %j is %s %s", async (reply, fault, code) => {
  await expect(judged(reply)).resolves.toMatchObject({ fault, code });
});

test("a 401 without any credential asks for one, and says who was asked for it", async () => {
  const error = await judged(
    said(401, "UNAUTHORIZED"),
    "anonymously: no credential was found in /home/x/.docker/config.json",
  );
  expect(error).toMatchObject({ code: "AUTH_REQUIRED" });
  expect(error.message).toContain("/home/x/.docker/config.json");
});

test("F08: a rate limit says when to come again", async () => {
  const error = await judged({
    status: 429,
    headers: { "retry-after": "21600" },
  });
  expect(error.message).toContain("after 21600 s");
});

describe("W142: Docker Hub's two kinds of 429", () => {
  const pulls =
    "You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit";

  test("the one on pulls says to log in, or to wait for the window's end", async () => {
    const { message } = await judged(said(429, "TOOMANYREQUESTS", pulls));
    expect(message).toContain("You have reached your pull rate limit");
    expect(message).toMatch(
      /; log in for a higher limit, or wait until the limit on pulls counts anew$/,
    );
  });

  test("the one on abuse says to ask for less at once", async () => {
    const { message } = await judged({
      status: 429,
      headers: { "content-type": "text/plain" },
      body: "Too Many Requests (HAP429).\n",
    });
    expect(message).toMatch(
      /HTTP 429 \(Too Many Requests \(HAP429\)\.\); wait, ask for fewer artifacts at once, or log in/,
    );
  });
});

test("the message says what, which side, which reference, why and what to do", async () => {
  const { message } = await judged(
    said(404, "MANIFEST_UNKNOWN", "manifest unknown"),
  );
  expect(message).toBe(
    "could not read: source h/a:1: HTTP 404 (MANIFEST_UNKNOWN: manifest unknown); check the reference",
  );
});

test.each([
  [
    "N43: a CDN's signed URL",
    "get https://cdn/x?X-Amz-Signature=canary&se=canary failed",
  ],
  ["an echoed header", "Authorization: Bearer canarycanary"],
  [
    "a Basic header",
    "Basic Y2FuYXJ5Y2FuYXJ5 canary-free".replace(" canary-free", ""),
  ],
  ["userinfo", "proxy http://user:canary@proxy:3128/"],
  ["a field", '{"password":"canary","access_token":"canary"}'],
  ["a query", "token=canary&password=canary"],
])("N42: %s is redacted", async (_, message) => {
  for (const reply of [
    said(500, "UNKNOWN", message),
    { status: 500, body: message },
  ]) {
    const error = await judged(reply);
    expect(error.message).not.toMatch(/canary|Y2FuYXJ5/);
  }
});

test("N28: of an endless error body 64 KiB are read", async () => {
  let read = 0;
  const body = (async function* () {
    for (;;) {
      read += 16_384;
      yield Buffer.alloc(16_384, "x");
    }
  })();
  await readRefusal(
    { status: 500, headers: {}, body, discard: async () => undefined },
    (text) => text,
  );
  expect(read).toBeLessThanOrEqual(5 * 16_384);
});
