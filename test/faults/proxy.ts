import * as http from "node:http";
import * as https from "node:https";
import { performance } from "node:perf_hooks";
import type { Answer } from "../registry/answer";
import type { SelfSigned } from "../registry/certificate";
import {
  answerInstead,
  Misbehaviour,
  spoil,
  type Action,
  type Misdeed,
  type OrderedMisdeed,
} from "../registry/misbehaviour";
import { routeOf } from "../registry/route";
import {
  headersOf,
  realPause,
  waitForBytes,
  writeAnswer,
  type Pause,
} from "../registry/wire";
import type { Canaries } from "./canaries";
import { forward } from "./forward";
import { entryOf, type Entry } from "./journal";

/** What a proxy stands before, and how. */
export interface ProxyOptions {
  /** the origin of any registry, plain http */
  readonly upstream: string;
  /** default: in clear */
  readonly tls?: SelfSigned & https.ServerOptions;
  /** asks for this Basic login by itself, before the registry is asked */
  readonly basic?: { readonly username: string; readonly password: string };
  /** leaves realms, Locations and Links at the upstream's origin */
  readonly keepForeign?: boolean;
  /** milliseconds for the journal (default the machine's own) */
  readonly now?: () => number;
  /** how drips and delays pass (default the machine's own time) */
  readonly pause?: Pause;
  /** told when a request that is here in full is handed on (1) and answered (-1), and when bytes come (0) */
  readonly onWork?: (change: 1 | 0 | -1) => void;
  readonly canaries?: Canaries;
}

/** A proxy that runs. Without rules it changes nothing. */
export interface FaultProxy {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  readonly origin: string;
  /** the certificate to trust, where `tls` */
  readonly caPem: string | undefined;
  /** every request so far, in order of arrival */
  readonly journal: readonly Entry[];
  misbehave(misdeed: Misdeed): OrderedMisdeed;
  /** Drops every rule. */
  behave(): void;
  resetJournal(): void;
  /** how many requests are in hand now */
  inHand(): number;
  /** Destroys all sockets and stops. */
  close(): Promise<void>;
}

/** Starts a fault proxy on a free port of 127.0.0.1, in front of any registry. */
export async function startProxy(options: ProxyOptions): Promise<FaultProxy> {
  const desk = new Desk(options);
  const listener: http.RequestListener = (request, response) =>
    void desk.receive(request, response);
  const { tls } = options;
  const server = tls
    ? https.createServer({ ...tls, cert: tls.certificate }, listener)
    : http.createServer(listener);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the proxy is not listening on a port");
  }
  const host = `127.0.0.1:${address.port}`;
  desk.origin = `${tls ? "https" : "http"}://${host}`;
  return {
    host,
    origin: desk.origin,
    caPem: tls?.certificate,
    journal: desk.journal,
    misbehave: (misdeed) => desk.misbehaviour.order(misdeed),
    behave: () => desk.misbehaviour.clear(),
    resetJournal: () => void desk.journal.splice(0),
    inHand: () => desk.inHand,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const refused: Answer = {
  status: 401,
  headers: {
    "www-authenticate": 'Basic realm="fault proxy"',
    "content-type": "application/json",
  },
  body: Buffer.from(
    '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}',
  ),
};

/** One request in hand. */
interface Errand {
  readonly request: http.IncomingMessage;
  readonly headers: Readonly<Record<string, string>>;
  readonly entry: Entry;
  readonly action: Action | undefined;
}

class Desk {
  readonly journal: Entry[] = [];
  readonly misbehaviour = new Misbehaviour();
  origin = "";
  inHand = 0;

  constructor(private readonly options: ProxyOptions) {}

  async receive(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const { now = () => performance.now() } = this.options;
    const method = request.method ?? "GET";
    const target = request.url ?? "/";
    const headers = headersOf(request);
    const entry = entryOf(
      { origin: this.origin, at: now(), method, target, headers },
      this.options.canaries,
    );
    this.journal.push(entry);
    const misdeed = this.misbehaviour.misdeedFor({ method, target, headers });
    if (misdeed) entry.rule = misdeed.name ?? "a rule without a name";
    entry.misbehaved = misdeed !== undefined;
    const errand = { request, headers, entry, action: misdeed?.action };
    this.options.onWork?.(0);
    this.inHand += 1;
    try {
      await this.answer(errand, response);
    } catch {
      request.socket.destroy();
    }
    this.inHand -= 1;
    this.options.onWork?.(0);
    entry.durationMs = now() - entry.at;
  }

  private async answer(
    errand: Errand,
    response: http.ServerResponse,
  ): Promise<void> {
    const { action, entry, request } = errand;
    if (action?.statusAfter !== undefined) {
      await waitForBytes(request, action.statusAfter);
    }
    if (action?.stall) return void request.resume();
    const answer = this.instead(errand) ?? (await this.work(errand));
    entry.status = answer.status;
    if (answer.status === 401) entry.kind = "challenge";
    if (action?.dropResponse) return void request.socket.destroy();
    entry.responseBytes = await writeAnswer(request, response, {
      answer,
      action,
      pause: this.options.pause ?? realPause,
    });
  }

  private instead({ action, headers }: Errand): Answer | undefined {
    const { basic } = this.options;
    const login = basic && `${basic.username}:${basic.password}`;
    const wanted = login && `Basic ${Buffer.from(login).toString("base64")}`;
    if (wanted !== undefined && headers["authorization"] !== wanted) {
      return refused;
    }
    return action && answerInstead(action);
  }

  /** What is to be forgotten arrives empty, so that the session ends and nothing is kept. */
  private async work(errand: Errand): Promise<Answer> {
    const { action, entry } = errand;
    if (!action?.forget) return this.pass(errand);
    if (entry.method === "PUT") {
      await this.pass({ ...errand, action: { dropBody: true } });
    }
    return forgotten(entry);
  }

  private async pass(errand: Errand): Promise<Answer> {
    const { action, entry, headers, request } = errand;
    const text: Buffer[] = [];
    const onBytes = (chunk: Buffer) => {
      entry.requestBytes += chunk.length;
      this.options.onWork?.(0);
      if (entry.kind === "token") text.push(chunk);
    };
    const { authorization, ...others } = headers;
    const isOurs = this.options.basic !== undefined;
    const answer = await forward({
      request,
      headers: isOurs || authorization === undefined ? others : headers,
      upstream: new URL(this.options.upstream),
      action,
      onBytes,
      onWork: this.options.onWork,
    });
    if (entry.kind === "token") this.learn(entry, Buffer.concat(text), answer);
    const ours = this.rewritten(answer);
    if (action?.delayVisibility !== undefined && answer.status === 201) {
      this.hide(entry, ours, action.delayVisibility);
    }
    return action ? spoil(ours, action) : ours;
  }

  /** What a token server gives away belongs to this origin. */
  private learn(entry: Entry, form: Buffer, answer: Answer): void {
    const { canaries } = this.options;
    const asked = new URLSearchParams(form.toString());
    const scopes = asked.getAll("scope").flatMap((one) => one.split(" "));
    if (scopes.length > 0) entry.scopesAsked = scopes;
    entry.strays = [
      ...entry.strays,
      ...(canaries?.strayedTo(this.origin, form.toString()) ?? []),
    ];
    const given = Buffer.from(answer.body ?? "").toString();
    for (const [, token = ""] of given.matchAll(/token":"([^"]+)"/g)) {
      canaries?.plant(token, this.origin);
    }
  }

  private rewritten(answer: Answer): Answer {
    if (this.options.keepForeign) return answer;
    const headers: Record<string, string> = { ...answer.headers };
    for (const name of ["location", "www-authenticate", "link"]) {
      const value = headers[name];
      if (value === undefined) continue;
      headers[name] = value.replaceAll(this.options.upstream, this.origin);
    }
    return { ...answer, headers };
  }

  private hide(entry: Entry, answer: Answer, times: number): void {
    const location = answer.headers?.["location"];
    if (location === undefined) return;
    const { pathname } = new URL(location, this.origin);
    this.misbehaviour.hide(pathname, times);
    if (entry.kind === "manifest" && entry.path !== pathname) {
      this.misbehaviour.hide(entry.path, times);
    }
  }
}

/** Says 201 about what was never kept. */
function forgotten(entry: Entry): Answer {
  const { name, reference } = routeOf(entry.path);
  const query = new URLSearchParams(entry.query);
  const digest = query.get("digest") ?? query.get("mount") ?? reference;
  const part = entry.kind === "manifest" ? "manifests" : "blobs";
  return {
    status: 201,
    headers: { location: `/v2/${name}/${part}/${digest}` },
  };
}
