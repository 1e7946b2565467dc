import type { Request } from "../../../../mirror/ports";
import { Connection, type Answered, type Surroundings } from "./connection";
import { ConnectionLost } from "./brokenAnswer";
import { requestHead } from "./requestHead";

/** What a pool's connections are made of. */
export type Making = Pick<Surroundings, "open" | "blocks" | "limits">;

const distrustMs = 10_000;

interface Waiter {
  readonly take: (connection: Connection) => void;
  readonly refuse: (why: Error) => void;
}

/** The connections to one origin: as many as are needed, up to a bound. */
export class Pool {
  readonly #making: Making;
  readonly #max: number;
  readonly #all = new Set<Connection>();
  /** the one used last is used first, so that the others can go */
  readonly #free: Connection[] = [];
  readonly #waiters = new Set<Waiter>();
  #closed: Error | undefined;
  #freshUntil = -Infinity;

  constructor(making: Making, max: number) {
    this.#making = making;
    this.#max = max;
  }

  get isIdle(): boolean {
    return this.#all.size === this.#free.length && this.#waiters.size === 0;
  }

  /** Sends one request. A connection that the server closed while it lay idle is not held against it, where asking twice does no harm. */
  async send(request: Request, signal: AbortSignal): Promise<Answered> {
    const head = requestHead(request);
    const connection = await this.#taken(signal);
    const isUsed = connection.taken > 0;
    try {
      return await connection.ask(request, head, signal);
    } catch (error) {
      const isStale = isUsed && isLost(error) && !signal.aborted;
      if (isStale) this.#distrust();
      const isRead = request.method === "GET" || request.method === "HEAD";
      if (!isStale || !isRead) throw error;
    }
    return (await this.#taken(signal)).ask(request, head, signal);
  }

  /** Ends every connection, whatever it is doing. */
  close(): void {
    const why = new ConnectionLost("the network is being closed");
    this.#closed = why;
    for (const { refuse } of this.#waiters) refuse(why);
    this.#waiters.clear();
    for (const connection of this.#all) connection.end(why);
  }

  /** A server that closes connections without a word would do it with the others, too. */
  #distrust(): void {
    this.#freshUntil = performance.now() + distrustMs;
    for (const one of this.#free.splice(0)) one.end();
  }

  /** Whoever gave up before his turn came leaves nothing behind that waits for him. */
  async #taken(signal: AbortSignal): Promise<Connection> {
    const connection = await this.#take(signal);
    if (!signal.aborted) return connection;
    connection.end();
    throw stopReason(signal);
  }

  async #take(signal: AbortSignal): Promise<Connection> {
    signal.throwIfAborted();
    if (this.#closed !== undefined) throw this.#closed;
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#all.size < this.#max) return this.#open();
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        take: (connection) => {
          signal.removeEventListener("abort", stop);
          resolve(connection);
        },
        refuse: (why) => {
          signal.removeEventListener("abort", stop);
          reject(why);
        },
      };
      const stop = (): void => {
        this.#waiters.delete(waiter);
        reject(stopReason(signal));
      };
      this.#waiters.add(waiter);
      signal.addEventListener("abort", stop, { once: true });
    });
  }

  #open(): Connection {
    const connection = new Connection({
      ...this.#making,
      onFree: (one) => this.#serve(one),
      onEnd: (one) => this.#forget(one),
    });
    this.#all.add(connection);
    return connection;
  }

  #serve(connection: Connection): void {
    if (connection.taken > 0 && performance.now() < this.#freshUntil)
      return connection.end(); // a waiter gets a new one
    const [waiter] = this.#waiters;
    if (waiter === undefined) {
      this.#free.push(connection);
      return;
    }
    this.#waiters.delete(waiter);
    waiter.take(connection);
  }

  #forget(connection: Connection): void {
    this.#all.delete(connection);
    const at = this.#free.indexOf(connection);
    if (at >= 0) this.#free.splice(at, 1);
    if (this.#waiters.size > 0 && this.#all.size < this.#max)
      this.#serve(this.#open());
  }
}

/** Whether no byte of an answer came. */
function isLost(error: unknown): boolean {
  if (error instanceof ConnectionLost) return true;
  const code: unknown =
    error instanceof Error ? Reflect.get(error, "code") : undefined;
  return code === "ECONNRESET" || code === "EPIPE";
}

function stopReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error
    ? signal.reason
    : new ConnectionLost("it was given up");
}
