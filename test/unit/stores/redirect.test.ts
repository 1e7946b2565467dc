import type { Request } from "../../../provider/mirror/ports";
import {
  following,
  type OnLeave,
} from "../../../provider/stores/registry/wire/redirect";
import { scripted, type Script } from "./script";

const home = "https://reg.example";

async function follow(
  hops: readonly (string | readonly [status: number, location: string])[],
  options: {
    method?: Request["method"];
    from?: string;
    onLeave?: OnLeave;
    body?: Request["body"];
  } = {},
): Promise<{ outcome: unknown; script: Script }> {
  const script = scripted((_, nth) => {
    const hop = hops[nth - 1];
    if (hop === undefined) return { status: 200 };
    const [status, location] = typeof hop === "string" ? [307, hop] : hop;
    return { status, headers: { location } };
  });
  const request: Request = {
    method: options.method ?? "GET",
    url: new URL("/v2/a/blobs/x", options.from ?? home),
    headers: {
      authorization: "Bearer canary",
      cookie: "canary",
      "x-custom": "canary",
      range: "bytes=1-",
      accept: "*/*",
    },
    ...(options.body === undefined ? {} : { body: options.body }),
  };
  const outcome = await following(script.send, options.onLeave ?? "follow")(
    request,
    new AbortController().signal,
  ).then(
    ({ status }) => status,
    (error: unknown) => error,
  );
  return { outcome, script };
}

test.each([301, 302, 303, 307, 308])(
  "W130: %i is followed for a GET",
  async (status) => {
    const { outcome, script } = await follow([
      [status, "https://cdn.example/x?sig=1"],
    ]);
    expect(outcome).toBe(200);
    expect(script.requests[1]?.url.href).toBe("https://cdn.example/x?sig=1");
  },
);

test("W130: five hops are followed, six are not", async () => {
  const hops = (count: number): string[] =>
    Array.from({ length: count }, (_, hop) => `/hop/${hop}`);
  await expect(follow(hops(5))).resolves.toMatchObject({ outcome: 200 });
  await expect(follow(hops(6))).resolves.toMatchObject({
    outcome: { code: "REDIRECT_REFUSED" },
  });
});

test.each([
  "https://reg.example:8443/x",
  "https://cdn.example/x",
  "https://reg.example.evil.test/x",
])(
  "N08, W131: %s gets none of the headers that may be secret",
  async (target) => {
    const { script } = await follow([target]);
    expect(script.requests[1]?.headers).toEqual({
      range: "bytes=1-",
      accept: "*/*",
    });
    expect(script.requests[1]?.ledBy).toEqual(new URL(home));
  },
);

test("W131: within the origin the headers stay", async () => {
  const { script } = await follow(["/elsewhere"]);
  expect(script.requests[1]?.headers["authorization"]).toBe("Bearer canary");
});

test("W131: what was dropped is never added again", async () => {
  const { script } = await follow(["https://cdn.example/x", `${home}/y`]);
  expect(script.requests[2]?.headers).toEqual({
    range: "bytes=1-",
    accept: "*/*",
  });
});

test.each([
  ["T38, W132: from https to http", "http://cdn.example/x"],
  ["W132: with a user name", "https://user:pass@cdn.example/x"],
  ["N48: to data:", "data:text/plain,x"],
  ["N48: to ftp:", "ftp://cdn.example/x"],
  ["N48: to file:", "file:///etc/passwd"],
  ["N48: to no URL", "https://[x"],
])("%s is refused", async (_, target) => {
  const { outcome, script } = await follow([target]);
  expect(outcome).toMatchObject({ code: "REDIRECT_REFUSED" });
  expect(script.requests).toHaveLength(1);
});

test("N55: an http host may not lead to another http host", async () => {
  await expect(
    follow(["http://other.example/x"], { from: "http://reg.example" }),
  ).resolves.toMatchObject({
    outcome: { code: "REDIRECT_REFUSED" },
  });
});

test.each(["POST", "PUT", "PATCH", "DELETE"] as const)(
  "W130: a %s never leaves the origin",
  async (method) => {
    const { outcome, script } = await follow(["https://cdn.example/x"], {
      method,
    });
    expect(outcome).toMatchObject({ code: "REDIRECT_REFUSED" });
    expect(script.requests).toHaveLength(1);
  },
);

test.each([
  [301, undefined, "REDIRECT_REFUSED"],
  [303, undefined, "REDIRECT_REFUSED"],
  [307, undefined, 200],
  [308, undefined, 200],
  [307, Buffer.from("again"), 200],
] as const)(
  "W130: a PUT within the origin, %i with body %j",
  async (status, body, expected) => {
    const { outcome } = await follow([[status, "/there"]], {
      method: "PUT",
      body,
    });
    if (expected === 200) expect(outcome).toBe(200);
    else expect(outcome).toMatchObject({ code: expected });
  },
);

test("W130: a PUT whose body is gone is not sent again", async () => {
  const body = (async function* () {
    yield Buffer.from("once");
  })();
  await expect(
    follow(["/there"], { method: "PUT", body }),
  ).resolves.toMatchObject({ outcome: { code: "REDIRECT_REFUSED" } });
});

test("a redirect that may not be followed comes back as it is", async () => {
  await expect(
    follow(["https://github.com/x"], { onLeave: "return" }),
  ).resolves.toMatchObject({ outcome: 307 });
});
