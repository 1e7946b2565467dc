import type { OnReadOpts, Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import type { Request } from "../../../../mirror/ports";
import { AnswerReader } from "./answer";
import type { Blocks, Body } from "./body";
import { ConnectionLost, TimedOut } from "./brokenAnswer";
import { maxHeadBytes, type Head } from "./head";
import { answerMs, type Limits } from "./limits";
import { bodyLength } from "./requestHead";
import { writeBody } from "./upload";

/** What one connection needs of its surroundings. */
export interface Surroundings {
  readonly open: (onread: OnReadOpts) => Socket;
  readonly blocks: Blocks;
  readonly limits: Limits;
  /** it can take another request */
  readonly onFree: (connection: Connection) => void;
  readonly onEnd: (connection: Connection) => void;
}

/** An answer whose body is still to be read. */
export interface Answered {
  readonly head: Head;
  readonly body: Body;
  /** Gives the rest of the body up, with its connection; nothing happens where all of it has come. */
  readonly leave: () => void;
}

interface Exchange {
  readonly reader: AnswerReader;
  readonly reject: (error: unknown) => void;
  isSent: boolean;
  isAnswered: boolean;
  isRead: boolean;
  isClean: boolean;
  isSourceAwaited: boolean;
}

/** One socket to one origin, for one request after the other. The kernel reads into our own memory. */
export class Connection {
  readonly #around: Surroundings;
  readonly #socket: Socket;
  readonly #scratch = Buffer.allocUnsafeSlow(maxHeadBytes);
  #exchange: Exchange | undefined;
  #isPaused = false;
  #isEnded = false;
  readonly #opened: Promise<void>;
  /** how many requests it has taken */
  taken = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#socket = around.open({
      buffer: () => this.#exchange?.reader.target() ?? this.#scratch,
      callback: (count) => this.#read(count),
    });
    this.#socket.setNoDelay(true);
    this.#socket.on("error", (error) => this.end(error));
    this.#socket.on("end", () => this.end());
    this.#socket.on("close", () => this.end());
    this.#socket.on("timeout", () => this.#timeOut());
    this.#opened = this.#open();
  }

  /** Sends one request, whose head is `head`. Only for a connection that is free. */
  async ask(
    request: Request,
    head: Buffer,
    signal: AbortSignal,
  ): Promise<Answered> {
    signal.throwIfAborted();
    if (this.#isEnded)
      throw new ConnectionLost("it closed the connection meanwhile");
    this.taken += 1;
    this.#socket.ref();
    return new Promise((resolve, reject) => {
      const stop = (): void => this.end(signal.reason);
      const exchange: Exchange = {
        reader: this.#readerFor(request, {
          answered: (answered) => resolve(answered),
          over: () => signal.removeEventListener("abort", stop),
        }),
        reject: (error) => {
          signal.removeEventListener("abort", stop);
          reject(error);
        },
        isSent: false,
        isAnswered: false,
        isRead: false,
        isClean: false,
        isSourceAwaited: false,
      };
      this.#exchange = exchange;
      signal.addEventListener("abort", stop, { once: true });
      void this.#write(exchange, request, head);
    });
  }

  /** Closes it; an answer that is still to come fails with the error. */
  end(error?: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#socket.destroy();
    this.#around.onEnd(this);
    if (exchange === undefined) return;
    if (error === undefined) exchange.reader.end();
    else exchange.reader.fail(error);
    exchange.reject(
      error ?? new ConnectionLost("it closed the connection without an answer"),
    );
  }

  /** Resolves as soon as it may be written to: with TLS, when the certificate has been proven. */
  #open(): Promise<void> {
    const isSecure = this.#socket instanceof TLSSocket;
    const over = new AbortController();
    const { connectMs } = this.#around.limits;
    const late = new TimedOut("no connection came about in time");
    wait(connectMs, undefined, { signal: over.signal, ref: false }).then(
      () => this.end(late),
      () => undefined,
    );
    this.#socket.once("close", () => over.abort());
    return new Promise((resolve) => {
      this.#socket.once(isSecure ? "secureConnect" : "connect", () => {
        over.abort();
        resolve();
      });
    });
  }

  #readerFor(
    request: Request,
    on: {
      readonly answered: (answered: Answered) => void;
      readonly over: () => void;
    },
  ): AnswerReader {
    const { blocks, limits } = this.#around;
    const leave = (): void => {
      on.over();
      if (this.#exchange?.reader === reader) this.end();
    };
    const reader = new AnswerReader(this.#scratch, {
      request,
      blocks,
      maxHeadMs: answerMs(request, limits),
      on: {
        head: (head, body) => {
          if (this.#exchange) this.#exchange.isAnswered = true;
          this.#socket.setTimeout(limits.idleMs);
          on.answered({ head, body, leave });
        },
        done: (isClean) => {
          on.over();
          this.#finish({ isRead: true, isClean });
        },
        room: () => this.#resume(),
        left: leave,
      },
    });
    return reader;
  }

  async #write(
    exchange: Exchange,
    request: Request,
    head: Buffer,
  ): Promise<void> {
    const { body } = request;
    await this.#opened;
    if (this.#exchange !== exchange) return;
    this.#socket.setTimeout(answerMs(request, this.#around.limits));
    try {
      if (body === undefined) this.#socket.write(head);
      else if (body instanceof Uint8Array)
        this.#socket.write(Buffer.concat([head, body]));
      else await this.#writeStream(exchange, { head, body, request });
    } catch (error) {
      if (this.#exchange === exchange && !exchange.isAnswered) this.end(error);
      return;
    }
    exchange.reader.restartClock();
    if (this.#exchange === exchange) this.#finish({ isSent: true });
  }

  async #writeStream(
    exchange: Exchange,
    out: {
      readonly head: Buffer;
      readonly body: AsyncIterable<Uint8Array>;
      readonly request: Request;
    },
  ): Promise<void> {
    this.#socket.write(out.head);
    await writeBody(this.#socket, {
      body: out.body,
      length: bodyLength(out.request),
      isOver: () => this.#exchange !== exchange || exchange.isAnswered,
      onWaiting: (isForSource) => {
        exchange.isSourceAwaited = isForSource;
      },
    });
    if (exchange.isAnswered) throw new ConnectionLost("it answered early");
  }

  #read(count: number): boolean {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      this.end(); // nobody asked anything: what this says belongs to nobody
      return false;
    }
    try {
      exchange.reader.take(count);
    } catch (error) {
      this.end(error);
    }
    this.#isPaused = this.#exchange === exchange && exchange.reader.isFull;
    return !this.#isPaused;
  }

  #resume(): void {
    if (!this.#isPaused || this.#isEnded) return;
    this.#isPaused = false;
    this.#socket.resume();
  }

  #finish(news: Partial<Exchange>): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return;
    Object.assign(exchange, news);
    if (!exchange.isRead) return;
    if (!exchange.isSent || !exchange.isClean) return this.end();
    this.#exchange = undefined;
    this.#socket.setTimeout(this.#around.limits.keepAliveMs);
    this.#socket.unref();
    this.#around.onFree(this);
  }

  #timeOut(): void {
    const exchange = this.#exchange;
    if (exchange === undefined) return this.end();
    const { idleMs } = this.#around.limits;
    if (this.#isPaused || exchange.isSourceAwaited) {
      this.#socket.setTimeout(idleMs);
      return;
    }
    this.end(new TimedOut("it was silent for too long"));
  }
}
