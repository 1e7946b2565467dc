import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { SigstoreWorld } from "../samples/sigstoreWorld";

/** Fulcio and Rekor v1 of a world, on loopback, for cosign to sign with. */
export interface SigstoreServer {
  readonly origin: string;
  /** the `signing-config` that names this server alone */
  readonly signingConfig: string;
  close(): Promise<void>;
}

/** Serves a world's Fulcio (`/api/v2/signingCert`) and Rekor (`/api/v1/log/entries`). */
export async function startSigstoreServer(
  world: SigstoreWorld,
): Promise<SigstoreServer> {
  const server = createServer((request, response) => {
    void answer(world, request).then(({ status, body, headers }) => {
      const type = { "content-type": "application/json" };
      response.writeHead(status, { ...type, ...headers });
      response.end(body);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const port =
    address !== null && typeof address !== "string" ? address.port : 0;
  const origin = `http://127.0.0.1:${port}`;
  const start = new Date(world.clock.getTime() - 60_000).toISOString();
  const service = {
    url: origin,
    majorApiVersion: 1,
    validFor: { start },
    operator: "test",
  };
  return {
    origin,
    signingConfig: JSON.stringify({
      mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
      caUrls: [service],
      oidcUrls: [],
      rekorTlogUrls: [service],
      rekorTlogConfig: { selector: "ANY" },
      tsaUrls: [],
      tsaConfig: { selector: "ANY" },
    }),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function answer(
  world: SigstoreWorld,
  request: IncomingMessage,
): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = Buffer.concat(chunks).toString("utf8");
  switch (request.url) {
    case "/api/v2/signingCert":
      return await certify(world, body, request.headers.authorization ?? "");
    case "/api/v1/log/entries":
      return await log(world, body);
    default:
      return { status: 404, body: "{}" };
  }
}

/** cosign sends its token in a header, others in the body. */
async function certify(
  world: SigstoreWorld,
  body: string,
  authorization: string,
): Promise<Answer> {
  const oidcIdentityToken = authorization.replace(/^Bearer /, "");
  const asked = { credentials: { oidcIdentityToken }, ...JSON.parse(body) };
  const made = await world.certify(JSON.stringify(asked));
  return { ...made, status: made.status === 201 ? 200 : made.status };
}

async function log(world: SigstoreWorld, body: string): Promise<Answer> {
  const entry = await world.log(entryOf(JSON.parse(body)));
  const uuid = uuidOf(entry.body);
  const headers = { etag: uuid, location: `/api/v1/log/entries/${uuid}` };
  return { status: 201, body: JSON.stringify({ [uuid]: entry }), headers };
}

function uuidOf(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

interface Proposed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: {
    readonly proposedContent?: {
      readonly envelope: string;
      readonly verifiers: readonly string[];
    };
  };
}

/** Rekor keeps no envelope of kind `dsse`: only its hashes, signatures and verifiers. */
function entryOf(proposed: Proposed): object {
  const content = proposed.spec.proposedContent;
  if (proposed.kind !== "dsse" || !content) return proposed;
  const envelope = JSON.parse(content.envelope) as {
    readonly payload: string;
    readonly signatures: readonly { readonly sig: string }[];
  };
  const payload = Buffer.from(envelope.payload, "base64");
  return {
    apiVersion: proposed.apiVersion,
    kind: proposed.kind,
    spec: {
      envelopeHash: { algorithm: "sha256", value: hexOf(content.envelope) },
      payloadHash: { algorithm: "sha256", value: hexOf(payload) },
      signatures: envelope.signatures.map(({ sig }, at) => ({
        signature: sig,
        verifier: content.verifiers[at],
      })),
    },
  };
}

function hexOf(bytes: string | Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** An unsigned identity token, as a CI would hand it out. */
export function identityToken(
  issuer: string,
  subject: string,
  now: Date,
): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const claims = {
    iss: issuer,
    sub: subject,
    aud: "sigstore",
    iat: seconds,
    nbf: seconds - 60,
    exp: seconds + 600,
  };
  const part = (value: object) =>
    Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", typ: "JWT" })}.${part(claims)}.${Buffer.from("none").toString("base64url")}`;
}
