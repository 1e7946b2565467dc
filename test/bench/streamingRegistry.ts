import { createHash } from "node:crypto";
import * as http from "node:http";
import { pipeline } from "node:stream/promises";
import { routeOf, type Route } from "../registry/route";
import { sha256, type ContentDoor } from "../samples/target";
import { generatedChunks, generatedDigest } from "./generated";

/** A registry that never holds a large blob: it makes up the one it serves, and hashes and forgets those it is given. */
export interface StreamingRegistry extends ContentDoor {
  readonly host: string;
  /** requests since the last reset, as `HEAD manifest` */
  counts(): Readonly<Record<string, number>>;
  reset(): void;
  /** Offers a blob of made-up bytes, in every repository. */
  generate(size: number): Promise<Generated>;
  close(): Promise<void>;
}

export interface Generated {
  readonly digest: string;
  readonly size: number;
}

interface StoredManifest {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** `bytes` is absent where they are made up, or were forgotten */
interface StoredBlob {
  readonly size: number;
  readonly bytes?: Uint8Array;
  readonly made?: boolean;
}

const keptBytes = 1024 * 1024;
const emptyIndex = Buffer.from(
  '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
);

/** Starts one on a free port of 127.0.0.1, over plain HTTP and without authentication. */
export async function startStreamingRegistry(): Promise<StreamingRegistry> {
  const shelf = new Shelf();
  let counted: Record<string, number> = {};
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://registry");
    const route = routeOf(url.pathname);
    const word = `${request.method} ${route.kind}`;
    counted[word] = (counted[word] ?? 0) + 1;
    const asked = { request, response, route, query: url.searchParams };
    // a client that hangs up is no fault of the registry
    shelf.answer(asked).catch(() => response.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("the registry is not listening on a port");
  return {
    ...shelf.door(),
    host: `127.0.0.1:${address.port}`,
    counts: () => counted,
    reset: () => void (counted = {}),
    generate: (size) => shelf.generate(size),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

interface Asked {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
  readonly route: Route;
  readonly query: URLSearchParams;
}

class Shelf {
  private readonly blobs = new Map<string, StoredBlob>();
  private readonly manifests = new Map<string, StoredManifest>();
  private readonly tags = new Map<string, string>();

  door(): ContentDoor {
    return {
      tag: (repository, tag) => this.tags.get(`${repository}:${tag}`),
      manifest: (_, digest) => this.manifests.get(digest),
      putBlob: (_, bytes, digest = sha256(bytes)) => {
        this.blobs.set(digest, { size: bytes.length, bytes });
        return digest;
      },
      putManifest: (_, manifest, digest = sha256(manifest.bytes)) => {
        this.manifests.set(digest, manifest);
        return digest;
      },
      setTag: (repository, tag, digest) =>
        void this.tags.set(`${repository}:${tag}`, digest),
    };
  }

  async generate(size: number): Promise<Generated> {
    const digest = generatedDigest(size);
    this.blobs.set(digest, { size, made: true });
    return { digest, size };
  }

  async answer(asked: Asked): Promise<void> {
    const { request, route } = asked;
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (route.kind === "manifest" && isRead) return this.readManifest(asked);
    if (route.kind === "manifest" && request.method === "PUT")
      return this.writeManifest(asked);
    if (route.kind === "blob" && isRead) return this.readBlob(asked);
    if (route.kind === "upload") return this.upload(asked);
    if (route.kind === "referrers") {
      const type = "application/vnd.oci.image.index.v1+json";
      return send(asked, {
        status: 200,
        headers: { "content-type": type },
        body: emptyIndex,
      });
    }
    return refuse(asked, "UNSUPPORTED", 405);
  }

  private async readManifest(asked: Asked): Promise<void> {
    const { name, reference } = asked.route;
    const digest = this.tags.get(`${name}:${reference}`) ?? reference;
    const found = this.manifests.get(digest);
    if (!found) return refuse(asked, "MANIFEST_UNKNOWN", 404);
    const headers = {
      "content-type": found.mediaType,
      "docker-content-digest": digest,
    };
    return send(asked, { status: 200, headers, body: found.bytes });
  }

  private async writeManifest(asked: Asked): Promise<void> {
    const { request, route } = asked;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const digest = sha256(bytes);
    const mediaType = request.headers["content-type"] ?? "";
    this.manifests.set(digest, { mediaType, bytes });
    if (!route.reference.includes(":"))
      this.tags.set(`${route.name}:${route.reference}`, digest);
    const location = `/v2/${route.name}/manifests/${digest}`;
    const headers = { location, "docker-content-digest": digest };
    return send(asked, { status: 201, headers });
  }

  private async readBlob(asked: Asked): Promise<void> {
    const { request, response, route } = asked;
    const found = this.blobs.get(route.reference);
    if (!found) return refuse(asked, "BLOB_UNKNOWN", 404);
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      "content-length": found.size,
      "docker-content-digest": route.reference,
    });
    if (request.method === "HEAD") return void response.end();
    if (found.made) return pipeline(generatedChunks(found.size), response);
    if (found.bytes) return void response.end(found.bytes);
    response.destroy(); // forgotten: nobody should ask
  }

  private async upload(asked: Asked): Promise<void> {
    const { request, route, query } = asked;
    if (request.method === "POST") {
      const location = `/v2/${route.name}/blobs/uploads/one?state=1`;
      return send(asked, { status: 202, headers: { location } });
    }
    if (request.method !== "PUT")
      return send(asked, { status: 204, headers: {} });
    const { digest, size, bytes } = await swallow(request);
    if (digest !== query.get("digest"))
      return refuse(asked, "DIGEST_INVALID", 400);
    this.blobs.set(digest, { size, ...(bytes ? { bytes } : {}) });
    const location = `/v2/${route.name}/blobs/${digest}`;
    const headers = { location, "docker-content-digest": digest };
    return send(asked, { status: 201, headers });
  }
}

/** Hashes what comes; keeps it only while it is small. */
async function swallow(
  request: http.IncomingMessage,
): Promise<Generated & { readonly bytes: Uint8Array | undefined }> {
  const hash = createHash("sha256");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    hash.update(chunk);
    size += chunk.length;
    if (size <= keptBytes) chunks.push(chunk);
  }
  const bytes = size <= keptBytes ? Buffer.concat(chunks) : undefined;
  return { digest: `sha256:${hash.digest("hex")}`, size, bytes };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

function send(
  { request, response }: Asked,
  { status, headers, body = new Uint8Array() }: Answer,
): void {
  response.writeHead(status, {
    ...headers,
    ...(status === 204 ? {} : { "content-length": String(body.length) }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function refuse(asked: Asked, code: string, status: number): void {
  const body = Buffer.from(
    JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }),
  );
  const headers = { "content-type": "application/json" };
  send(asked, { status, headers, body });
}
