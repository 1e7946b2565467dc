import type { IncomingMessage, ServerResponse } from "node:http";
import type { Answer } from "./answer";
import type { Action } from "./misbehaviour";

/** Lets time pass: a machine's own, or one that jumps. */
export type Pause = (ms: number) => Promise<void>;

/** The machine's own time, which holds no process up. */
export const realPause: Pause = (ms) =>
  new Promise((done) => setTimeout(done, ms).unref());

/** Reads a request's body, telling its bytes as they come. Throws where the client hangs up, or `cutAt` is reached. */
export async function readBody(
  request: IncomingMessage,
  onBytes: (count: number) => void,
  cutAt?: number,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of bodyOf(request, cutAt)) {
    chunks.push(chunk);
    onBytes(chunk.length);
  }
  const [only] = chunks;
  return only && chunks.length === 1 ? only : Buffer.concat(chunks);
}

/** A request's body as it comes. Throws where the client hangs up, or `cutAt` is reached: with the chunk that reaches it handed on. */
export async function* bodyOf(
  request: IncomingMessage,
  cutAt?: number,
): AsyncGenerator<Buffer, void, undefined> {
  let size = 0;
  if (cutAt === 0) request.destroy();
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    yield chunk;
    if (cutAt !== undefined && size >= cutAt) {
      request.destroy();
      throw new Error("the upload was cut on command");
    }
  }
}

/** Waits until so many bytes of a request's body have come, and leaves the rest where it is. */
export function waitForBytes(
  request: IncomingMessage,
  count: number,
): Promise<void> {
  return new Promise((resolve) => {
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size >= count) resolve();
    });
    request.once("close", () => resolve());
    request.once("end", () => resolve());
  });
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
  spoilt: {
    readonly answer: Answer;
    readonly action?: Action;
    readonly pause?: Pause;
  },
): Promise<number> {
  const { answer, action, pause = realPause } = spoilt;
  const body = answer.body ?? new Uint8Array();
  response.strictContentLength = false;
  await tamper(request, response, { action, pause });
  response.writeHead(answer.status, lengthened(answer, body.length));
  if (request.method === "HEAD" || body.length === 0) {
    response.end();
    return 0;
  }
  if (action?.cutAt !== undefined) return cut(response, body, action.cutAt);
  if (action?.hangAt !== undefined) {
    response.write(body.subarray(0, action.hangAt));
    return Math.min(action.hangAt, body.length);
  }
  const drip = dripOf(action);
  if (drip) return dripped(response, body, { ...drip, pause });
  response.end(body);
  return body.length;
}

/** How a body drips, `undefined` where it flows. */
function dripOf(
  action: Action | undefined,
): { readonly step: number; readonly everyMs: number } | undefined {
  const { throttle, dripEveryMs } = action ?? {};
  if (dripEveryMs !== undefined) return { step: 1, everyMs: dripEveryMs };
  if (throttle === undefined) return undefined;
  return { step: Math.max(1, Math.round(throttle / 20)), everyMs: 50 };
}

/** What an action does to the connection itself. */
async function tamper(
  request: IncomingMessage,
  response: ServerResponse,
  by: { readonly action: Action | undefined; readonly pause: Pause },
): Promise<void> {
  const { action, pause } = by;
  if (action?.delayMs !== undefined) await pause(action.delayMs);
  if (action?.goaway) response.once("finish", () => request.socket.end());
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

async function dripped(
  response: ServerResponse,
  body: Uint8Array,
  by: {
    readonly step: number;
    readonly everyMs: number;
    readonly pause: Pause;
  },
): Promise<number> {
  let at = 0;
  for (; at < body.length && !response.destroyed; at += by.step) {
    response.write(body.subarray(at, at + by.step));
    await by.pause(by.everyMs);
  }
  response.end();
  return Math.min(at, body.length);
}
