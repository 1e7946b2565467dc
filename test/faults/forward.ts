import * as http from "node:http";
import type { Answer } from "../registry/answer";
import type { Action } from "../registry/misbehaviour";
import { bodyOf } from "../registry/wire";

const ofOneHop = new Set(["connection", "keep-alive", "transfer-encoding"]);

/** A request on its way through. */
export interface Passing {
  readonly request: http.IncomingMessage;
  readonly headers: Readonly<Record<string, string>>;
  readonly upstream: URL;
  readonly action: Action | undefined;
  readonly onBytes: (chunk: Buffer) => void;
  /** told when all of it is handed on, and when the answer is here */
  readonly onWork: ((change: 1 | -1) => void) | undefined;
}

/** Hands a request on, cut or emptied where the action wants that, and answers what came back. Throws where nothing came. */
export async function forward(passing: Passing): Promise<Answer> {
  let works = 0;
  try {
    return await exchange(passing, () => {
      works += 1;
      passing.onWork?.(1);
    });
  } finally {
    if (works > 0) passing.onWork?.(-1);
  }
}

function exchange(passing: Passing, onSent: () => void): Promise<Answer> {
  const { request, upstream } = passing;
  return new Promise((resolve, reject) => {
    const out = http.request({
      host: upstream.hostname,
      port: upstream.port,
      method: request.method,
      path: request.url,
      headers: { ...headersFor(passing), host: upstream.host },
      agent: false,
    });
    const stop = (error: unknown) => {
      out.destroy();
      reject(error instanceof Error ? error : new Error("the upstream broke"));
    };
    out.on("error", stop);
    out.on("response", (answer) => void readAnswer(answer).then(resolve, stop));
    request.once("close", () => {
      if (request.destroyed && !request.complete) stop(new Error("hung up"));
    });
    send(passing, out).then(onSent, stop);
  });
}

async function send(passing: Passing, out: http.ClientRequest): Promise<void> {
  const { action, onBytes, request } = passing;
  for await (const chunk of bodyOf(request, action?.cutUploadAt)) {
    onBytes(chunk);
    if (action?.dropBody || out.destroyed || out.writableEnded) continue;
    if (!out.write(chunk)) await drained(out);
  }
  out.end();
}

function drained(out: http.ClientRequest): Promise<void> {
  return new Promise((done) => {
    const go = () => {
      out.off("drain", go).off("close", go);
      done();
    };
    out.on("drain", go).on("close", go);
  });
}

function headersFor({ action, headers }: Passing): Record<string, string> {
  const passed = withoutHop(headers);
  if (headers["transfer-encoding"] !== undefined) {
    passed["transfer-encoding"] = headers["transfer-encoding"];
  }
  if (action?.ignoreRange) delete passed["range"];
  if (action?.dropBody) passed["content-length"] = "0";
  return passed;
}

async function readAnswer(answer: http.IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) headers[name] = String(value);
  }
  const isSized = "content-length" in headers;
  return {
    status: answer.statusCode ?? 502,
    headers: {
      ...withoutHop(headers),
      ...(isSized ? {} : { "content-length": "" }),
    },
    body: Buffer.concat(chunks),
  };
}

function withoutHop(
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !ofOneHop.has(name)),
  );
}
