import { createHash, createHmac } from "node:crypto";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { ecrFinder } from "../../../provider/credentials/ecr";
import type { Reach } from "../../../provider/mirror/ports";

const keyId = "AKIAIOSFODNN7EXAMPLE";
const secretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const repository = `${host}/app`;

interface Seen {
  readonly method: string;
  readonly target: string | undefined;
  readonly type: string | undefined;
  readonly scope: string;
  readonly isSigned: boolean;
  readonly sessionToken: string | undefined;
}

/** A stand-in for ECR that checks the wire: SigV4 over the request as it came (AWS General Reference). */
async function standIn(
  answer: () => { status: number; body: unknown },
): Promise<{ url: string; seen: Seen[]; close(): Promise<void> }> {
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      seen.push(check(request, Buffer.concat(chunks)));
      const { status, body } = answer();
      response
        .writeHead(status, { "content-type": "application/x-amz-json-1.1" })
        .end(JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function check(request: http.IncomingMessage, body: Buffer): Seen {
  const header = (name: string): string => String(request.headers[name] ?? "");
  const [, scope = "", names = "", signature = ""] =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      header("authorization"),
    ) ?? [];
  const sha256 = (data: string | Buffer): string =>
    createHash("sha256").update(data).digest("hex");
  const canonical = [
    request.method,
    "/",
    "",
    ...names.split(";").map((name) => `${name}:${header(name).trim()}`),
    "",
    names,
    sha256(body),
  ].join("\n");
  const toSign = [
    "AWS4-HMAC-SHA256",
    header("x-amz-date"),
    scope,
    sha256(canonical),
  ].join("\n");
  const key = scope
    .split("/")
    .reduce<Buffer | string>(
      (last, part) => createHmac("sha256", last).update(part).digest(),
      `AWS4${secretKey}`,
    );
  return {
    method: request.method ?? "",
    target: request.headers["x-amz-target"]?.toString(),
    type: request.headers["content-type"],
    scope: scope.split("/").slice(1).join("/"),
    isSigned:
      createHmac("sha256", key).update(toSign).digest("hex") === signature &&
      header("authorization").includes(`Credential=${keyId}/`),
    sessionToken: request.headers["x-amz-security-token"]?.toString(),
  };
}

let now = new Date("2026-01-01T00:00:00Z");
const reach: Reach = {
  send: async () => {
    throw new Error("not by this way");
  },
  signal: new AbortController().signal,
  now: () => now,
};

const names = [
  "AWS_ENDPOINT_URL_ECR",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_EC2_METADATA_DISABLED",
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_MAX_ATTEMPTS",
];
const before = new Map(names.map((name) => [name, process.env[name]]));
afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

function ambient(
  url: string,
  more: Readonly<Record<string, string>> = {},
): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_ECR: url,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/nonexistent",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
    AWS_MAX_ATTEMPTS: "1",
    ...more,
  });
}

const identity = {
  AWS_ACCESS_KEY_ID: keyId,
  AWS_SECRET_ACCESS_KEY: secretKey,
  AWS_SESSION_TOKEN: "session",
};
const token = (password: string, expiresAt: Date): unknown => ({
  authorizationData: [
    {
      authorizationToken: Buffer.from(`AWS:${password}`).toString("base64"),
      expiresAt: expiresAt.getTime() / 1000,
      proxyEndpoint: `https://${host}`,
    },
  ],
});

test("ECR: the ambient identity signs GetAuthorizationToken in the host's region, once for twelve hours", async () => {
  let nth = 0;
  const ecr = await standIn(() => ({
    status: 200,
    body: token(
      `password-${(nth += 1)}`,
      new Date(now.getTime() + 12 * 3_600_000),
    ),
  }));
  try {
    ambient(ecr.url, identity);
    const finder = ecrFinder();
    const ask = (isFresh: boolean): unknown =>
      finder.find({ host, repository, isFresh }, reach);
    const found = await Promise.all([ask(false), ask(false), ask(false)]);
    expect(found).toEqual(
      Array.from({ length: 3 }, () => ({
        kind: "basic",
        source: finder.name,
        username: "AWS",
        secret: "password-1",
      })),
    );
    expect(ecr.seen).toEqual([
      {
        method: "POST",
        target: "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken",
        type: "application/x-amz-json-1.1",
        scope: "eu-central-1/ecr/aws4_request",
        isSigned: true,
        sessionToken: "session",
      },
    ]);
    await expect(ask(true)).resolves.toMatchObject({ secret: "password-2" });
    now = new Date(now.getTime() + 11.8 * 3_600_000);
    await expect(ask(false)).resolves.toMatchObject({ secret: "password-3" });
  } finally {
    await ecr.close();
  }
});

test("N16: an identity that may not is an error that says what is missing, and is not kept", async () => {
  let isAllowed = false;
  const ecr = await standIn(() =>
    isAllowed
      ? { status: 200, body: token("p", new Date(now.getTime() + 3_600_000)) }
      : {
          status: 400,
          body: {
            __type: "AccessDeniedException",
            message: "not authorized to perform ecr:GetAuthorizationToken",
          },
        },
  );
  try {
    ambient(ecr.url, identity);
    const finder = ecrFinder();
    const ask = (): unknown =>
      finder.find({ host, repository, isFresh: false }, reach);
    await expect(ask()).rejects.toMatchObject({
      code: "CREDENTIALS",
      message: expect.stringContaining("ecr:GetAuthorizationToken"),
    });
    isAllowed = true;
    await expect(ask()).resolves.toMatchObject({ secret: "p" });
  } finally {
    await ecr.close();
  }
});

test("N17: a host that only looks like ECR's gets no token", () => {
  expect(ecrFinder().concerns(`${host}.attacker.test`)).toBe(false);
  expect(ecrFinder().concerns(host)).toBe(true);
});
