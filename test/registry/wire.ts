import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./answer";
import type { Action } from "./misbehaviour";

/** Reads a request's body, telling its bytes as they come. Throws where the client hangs up, or `cutAt` is reached. */
export async function readBody(
  request: IncomingMessage,
  onBytes: (count: number) => void,
  cutAt?: number,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  if (cutAt === 0) request.destroy();
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    onBytes(chunk.length);
    if (cutAt !== undefined && size >= cutAt) {
      request.destroy();
      throw new Error("the upload was cut on command");
    }
  }
  const [only] = chunks;
  return only && chunks.length === 1 ? only : Buffer.concat(chunks);
}

/** The headers of a request, each once. */
export function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = String(value);
  }
  return headers;
}

/** Writes an answer, as badly as the action wants. Resolves with the bytes of body that were sent. */
export async function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  spoilt: { readonly answer: Answer; readonly action?: Action },
): Promise<number> {
  const { answer, action } = spoilt;
  const body = answer.body ?? new Uint8Array();
  response.strictContentLength = false;
  response.writeHead(answer.status, lengthened(answer, body.length));
  if (request.method === "HEAD" || body.length === 0) {
    response.end();
    return 0;
  }
  if (action?.cutAt !== undefined) return cut(response, body, action.cutAt);
  if (action?.throttle !== undefined) {
    return drip(response, body, action.throttle);
  }
  response.end(body);
  return body.length;
}

/** The headers with `content-length`; an empty one asks for a chunked body. */
function lengthened(answer: Answer, size: number): Record<string, string> {
  const headers: Record<string, string> = { ...answer.headers };
  if (answer.status !== 204 && answer.status !== 304) {
    headers["content-length"] ??= String(size);
  }
  if (headers["content-length"] === "") delete headers["content-length"];
  return headers;
}

async function cut(
  response: ServerResponse,
  body: Uint8Array,
  at: number,
): Promise<number> {
  response.flushHeaders();
  const part = body.subarray(0, at);
  if (part.length > 0) {
    await new Promise<void>((done) => response.write(part, () => done()));
  }
  response.socket?.end(); // what was written still arrives; the rest never does
  return part.length;
}

async function drip(
  response: ServerResponse,
  body: Uint8Array,
  bytesPerSecond: number,
): Promise<number> {
  const step = Math.max(1, Math.round(bytesPerSecond / 20));
  for (let at = 0; at < body.length && !response.destroyed; at += step) {
    response.write(body.subarray(at, at + step));
    await new Promise((done) => setTimeout(done, 50).unref());
  }
  response.end();
  return body.length;
}
