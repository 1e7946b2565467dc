import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import type { Answer, Call } from "./answer";
import { Gate } from "./auth";
import { selfSigned } from "./certificate";
import { contentOf, type Bystander, type TestRegistry } from "./content";
import { Desk } from "./desk";
import {
  answerInstead,
  Misbehaviour,
  spoil,
  type Action,
} from "./misbehaviour";
import type { RegistryOptions } from "./options";
import type { RecordedRequest } from "./recorder";
import { routeOf, type Route } from "./route";
import { createStorage, dropManifest, type Storage } from "./storage";
import { headersOf, readBody, waitForBytes, writeAnswer } from "./wire";

export type { TestRegistry } from "./content";
export type { RegistryOptions } from "./options";

/** Starts a registry on a free port of 127.0.0.1. It does what the distribution spec says, unless told otherwise. */
export async function startRegistry(
  options: RegistryOptions = {},
): Promise<TestRegistry> {
  const storage = createStorage();
  const house = new House(storage, options);
  const pair = options.tls ? selfSigned() : undefined;
  const listener: http.RequestListener = (request, response) =>
    void house.receive(request, response);
  const server = pair
    ? https.createServer({ key: pair.key, cert: pair.certificate }, listener)
    : http.createServer(listener);
  const listen = (port: number) =>
    new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const stop = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  await listen(0);
  const port = portOf(server.address());
  const host = `127.0.0.1:${port}`;
  house.origin = `${pair ? "https" : "http"}://${host}`;
  return {
    ...contentOf(storage),
    host,
    origin: house.origin,
    caPem: pair?.certificate,
    requests: house.requests,
    openUploads: () => house.desk.uploads.open(),
    resetRequests: () => void house.requests.splice(0),
    misbehave: (misdeed) => house.misbehaviour.order(misdeed),
    behave: () => house.misbehaviour.clear(),
    expireTokens: () => house.gate.expireTokens(),
    watch: (bystander) => void (house.bystander = bystander),
    restart: async ({ forgetUploads }) => {
      await stop();
      if (forgetUploads) house.desk.uploads.forget();
      await listen(port);
    },
    close: stop,
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") {
    throw new Error("the registry is not listening on a port");
  }
  return address.port;
}

async function untilRefused(
  request: http.IncomingMessage,
  action: Action | undefined,
): Promise<void> {
  if (action?.statusAfter === undefined) return;
  await waitForBytes(request, action.statusAfter);
}

class House {
  readonly requests: RecordedRequest[] = [];
  readonly misbehaviour = new Misbehaviour();
  readonly gate: Gate;
  readonly desk: Desk;
  bystander: Bystander | undefined;
  origin = "";

  constructor(
    private readonly storage: Storage,
    options: RegistryOptions,
  ) {
    this.gate = new Gate(options);
    this.desk = new Desk(storage, options, this.gate);
  }

  async receive(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const method = request.method ?? "GET";
    const url = new URL(request.url ?? "/", this.origin);
    const route = routeOf(url.pathname);
    const headers = headersOf(request);
    const record = this.record({ method, url, route, headers });
    this.requests.push(record);
    const target = url.pathname + url.search;
    const action = this.misbehaviour.actionFor({ method, target, headers });
    record.misbehaved = action !== undefined;
    try {
      await this.bystander?.("arrived", record);
      const call = this.callOf(request, { url, record, action });
      await untilRefused(request, action);
      const answer = await this.work(call, { route, record, action });
      await this.bystander?.("served", record);
      if (answer) {
        record.status = answer.status;
        if (answer.status === 401) record.kind = "challenge";
        record.responseBytes = await writeAnswer(request, response, {
          answer,
          action,
        });
      } else if (action?.dropResponse) request.socket.destroy();
    } catch {
      this.desk.uploads.drop(route.reference); // the client hung up, or was hung up on
      request.socket.destroy();
    }
    record.durationMs = performance.now() - record.at;
  }

  /** The answer to write; `undefined` where none is to be written. */
  private async work(
    call: Call,
    at: {
      readonly route: Route;
      readonly record: RecordedRequest;
      readonly action: Action | undefined;
    },
  ): Promise<Answer | undefined> {
    const { action, record, route } = at;
    if (action?.stall) {
      await call.readBody();
      return undefined;
    }
    const instead = action && answerInstead(action);
    if (instead) return instead;
    if (action?.cutUploadAt !== undefined) await call.readBody();
    const answer = await this.desk.answer(call, route);
    if (!action) return answer;
    this.afterwards(answer, { action, route, path: call.path });
    if (!action.dropResponse) return spoil(answer, action);
    record.status = 0;
    return undefined;
  }

  private afterwards(
    answer: Answer,
    at: {
      readonly action: Action;
      readonly route: Route;
      readonly path: string;
    },
  ): void {
    const written = answer.headers?.["location"];
    if (answer.status !== 201 || written === undefined) return;
    const path = new URL(written, this.origin).pathname;
    if (at.action.delayVisibility !== undefined) {
      this.misbehaviour.hide(path, at.action.delayVisibility);
      if (at.path !== path && at.route.kind === "manifest") {
        this.misbehaviour.hide(at.path, at.action.delayVisibility);
      }
    }
    if (at.action.forget) {
      const repository = this.storage.demand(at.route.name);
      const digest = path.slice(path.lastIndexOf("/") + 1);
      dropManifest(repository, digest);
      repository.blobs.delete(digest);
    }
  }

  private callOf(
    request: http.IncomingMessage,
    at: {
      readonly url: URL;
      readonly record: RecordedRequest;
      readonly action: Action | undefined;
    },
  ): Call {
    const headers = headersOf(request);
    if (at.action?.ignoreRange) delete headers["range"];
    let body: Promise<Uint8Array> | undefined;
    return {
      method: at.record.method,
      path: at.url.pathname,
      query: at.url.searchParams,
      headers,
      origin: this.origin,
      readBody: () => (body ??= this.read(request, at)),
    };
  }

  private async read(
    request: http.IncomingMessage,
    at: {
      readonly record: RecordedRequest;
      readonly action: Action | undefined;
    },
  ): Promise<Uint8Array> {
    const { record, action } = at;
    const onBytes = (count: number) => void (record.requestBytes += count);
    const sent = await readBody(request, onBytes, action?.cutUploadAt);
    const bytes = action?.dropBody ? new Uint8Array() : sent;
    if (record.kind === "token") {
      const form = new URLSearchParams(Buffer.from(bytes).toString());
      record.scopesAsked = form
        .getAll("scope")
        .flatMap((one) => one.split(" "));
    }
    return bytes;
  }

  private record(seen: {
    readonly method: string;
    readonly url: URL;
    readonly route: Route;
    readonly headers: Record<string, string>;
  }): RecordedRequest {
    const { authorization, ...headers } = seen.headers;
    return {
      at: performance.now(),
      method: seen.method,
      path: seen.url.pathname,
      query: seen.url.search.slice(1),
      headers,
      authorization: this.gate.describe(authorization),
      scopesAsked: seen.url.searchParams.getAll("scope"),
      kind: seen.route.kind,
      status: 0,
      requestBytes: 0,
      responseBytes: 0,
      durationMs: 0,
      misbehaved: false,
    };
  }
}
