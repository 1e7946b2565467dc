import { randomBytes } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { pipeline } from "node:stream/promises";
import { MirrorError } from "../../../mirror/errors";
import { readNode } from "../../../mirror/graph";
import type { Judged, Reach } from "../../../mirror/ports";
import { mediaTypes } from "../../../oci/mediaType";
import { Content, type Served } from "./content";

/** A registry on loopback, for one subject and the time of its judgement. */
export interface Endpoint {
  /** `127.0.0.1:port/<random>/<name>` */
  readonly repository: string;
  /** what a place did not answer, if so: then a plugin's no says nothing */
  readonly silent: () => unknown;
  close(): Promise<void>;
}

const mostConnections = 64;
const requestMs = 60_000;

/** Opens it: GET and HEAD only, only what `Content` names, below a path that nobody can guess. */
export async function openEndpoint(
  judged: Judged,
  reach: Reach,
): Promise<Endpoint> {
  const name = `${randomBytes(16).toString("hex")}/${nameOf(judged)}`;
  const content = new Content(judged);
  let silent: unknown;
  const server = createServer(
    { requestTimeout: requestMs, headersTimeout: requestMs },
    (request, response) => {
      answer({ request, response }, { name, content, reach }).catch(
        (error: unknown) => {
          if (error instanceof MirrorError) silent ??= error; // the rest is the plugin's hanging up
          if (response.headersSent) response.destroy();
          else response.writeHead(502).end();
        },
      );
    },
  );
  server.maxConnections = mostConnections;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    repository: `127.0.0.1:${port}/${name}`,
    silent: () => silent,
    close: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}

/** The repository's name, so that a plugin's words are understood; a layout has none. */
function nameOf({ place }: Judged): string {
  const [, name] = /^[^/]+\/([a-z0-9._/-]+)$/.exec(place.repository) ?? [];
  return place.repository.startsWith("oci:") ? "layout" : (name ?? "artifact");
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Serving {
  readonly name: string;
  readonly content: Content;
  readonly reach: Reach;
}

async function answer(exchange: Exchange, serving: Serving): Promise<void> {
  const { request, response } = exchange;
  const { method, url = "/" } = request;
  if (method !== "GET" && method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end();
    return;
  }
  const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
  const [kind, wanted] = routeOf(pathname, serving.name);
  const { content } = serving;
  if (kind === "ping") response.writeHead(200).end("{}");
  else if (kind === "blobs") {
    await sendBlob(exchange, content.blob(wanted), serving);
  } else if (kind === "manifests") {
    await sendManifest(exchange, { wanted, ...serving });
  } else if (kind === "referrers") {
    const type = searchParams.get("artifactType") ?? undefined;
    sendIndex(exchange, content.index(wanted, type), type !== undefined);
  } else response.writeHead(404).end();
}

type Route = readonly [
  kind: "ping" | "blobs" | "manifests" | "referrers" | "nothing",
  wanted: string,
];

/** What the path means (end-1, 2, 3, 12a of the distribution spec); `nothing` below any other name than ours. */
function routeOf(path: string, name: string): Route {
  if (path === "/v2/") return ["ping", ""];
  for (const kind of ["blobs", "manifests", "referrers"] as const) {
    const prefix = `/v2/${name}/${kind}/`;
    if (path.startsWith(prefix)) return [kind, path.slice(prefix.length)];
  }
  return ["nothing", ""];
}

function sendIndex(
  { request, response }: Exchange,
  bytes: Buffer,
  isFiltered: boolean,
): void {
  response.writeHead(200, {
    "content-type": mediaTypes.ociIndex,
    "content-length": bytes.length,
    ...(isFiltered && { "oci-filters-applied": "artifactType" }),
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

async function sendManifest(
  exchange: Exchange,
  { wanted, content, reach }: Serving & { readonly wanted: string },
): Promise<void> {
  const served = content.manifest(wanted);
  if (!served) {
    const subject = /^(sha256|sha512)-([a-f0-9]{64,128})$/.exec(wanted);
    const index = subject && content.index(`${subject[1]}:${subject[2]}`);
    if (index) sendIndex(exchange, index, false);
    else exchange.response.writeHead(404).end();
    return;
  }
  const { from, descriptor } = served;
  const node = served.node ?? (await readNode(from, descriptor, reach));
  content.learn(node, from);
  const { request, response } = exchange;
  writeHead(response, served);
  response.end(request.method === "HEAD" ? undefined : node.bytes);
}

async function sendBlob(
  { request, response }: Exchange,
  served: Served | undefined,
  { reach }: Serving,
): Promise<void> {
  if (!served) {
    response.writeHead(404).end();
    return;
  }
  if (request.method === "HEAD") {
    writeHead(response, served);
    response.end();
    return;
  }
  const { descriptor, from } = served;
  const bytes = from.open(descriptor, reach);
  writeHead(response, served);
  await pipeline(bytes, response);
}

function writeHead(response: ServerResponse, { descriptor }: Served): void {
  response.writeHead(200, {
    "content-type": descriptor.mediaType,
    "content-length": descriptor.size,
    "docker-content-digest": descriptor.digest,
  });
}
