import type { Request } from "../../../../mirror/ports";
import { blockBytes, Body, type Blocks } from "./body";
import { BrokenAnswer, ConnectionLost, TimedOut } from "./brokenAnswer";
import { ChunkedReader } from "./chunked";
import {
  endOfHead,
  framingOf,
  maxHeadBytes,
  readHead,
  type Framing,
  type Head,
} from "./head";

const tlsRecordBytes = 16 * 1024;
const worthPassingOn = 64 * 1024;
const hurryMs = 1000;
const maxInterims = 10;

/** What an answer is read for, and whom it tells. */
export interface Reading {
  readonly request: Request;
  readonly blocks: Blocks;
  readonly maxHeadMs: number;
  readonly on: {
    readonly head: (head: Head, body: Body) => void;
    /** the whole was read; `isClean`: the connection can be used again */
    readonly done: (isClean: boolean) => void;
    readonly room: () => void;
    readonly left: () => void;
  };
}

/** Reads one answer out of what comes in at a socket: says where the next bytes are to be put, and is told how many came. */
export class AnswerReader {
  readonly #reading: Reading;
  readonly #scratch: Buffer;
  readonly #body: Body;
  #head: Head | undefined;
  #framing: Framing | undefined;
  #interims = 0;
  #filled = 0;
  /** bytes of a body of known length that have not come */
  #left = 0;
  #chunked = new ChunkedReader();
  /** what is being filled, from `#from` (handed on) to `#to` (filled) */
  #block: Buffer | undefined;
  #from = 0;
  #to = 0;
  #since: number;
  #isLent = false;
  #isDone = false;

  constructor(scratch: Buffer, reading: Reading) {
    this.#scratch = scratch;
    this.#reading = reading;
    this.#body = new Body(reading.blocks, reading.on);
    this.#since = performance.now();
  }

  get isFull(): boolean {
    return this.#body.isFull;
  }

  /** From now on the server has its time to answer: the request is out. */
  restartClock(): void {
    this.#since = performance.now();
  }

  /** Where the next bytes belong. */
  target(): Buffer {
    if (this.#framing?.kind !== "length" || this.#isDone)
      return this.#scratch.subarray(this.#filled);
    const block = (this.#block ??= this.#newBlock());
    return block.subarray(
      this.#to,
      Math.min(block.length, this.#to + this.#left),
    );
  }

  /** So many bytes came to `target`. */
  take(count: number): void {
    if (this.#framing?.kind === "length") return this.#fill(count);
    this.#filled += count;
    if (this.#head === undefined) return this.#readHead();
    const bytes = this.#scratch.subarray(0, this.#filled);
    this.#filled = 0;
    this.#readOn(bytes);
  }

  /** The server sends no more. */
  end(): void {
    if (this.#framing?.kind === "close") return this.#finish(false);
    this.fail(
      new ConnectionLost(
        this.#head === undefined
          ? "it closed the connection without an answer"
          : "the connection was closed before the answer was whole",
      ),
    );
  }

  /** What came is handed on, and then the error. */
  fail(error: unknown): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#pass();
    this.#body.finish({ error });
  }

  #readHead(): void {
    const bytes = this.#scratch.subarray(0, this.#filled);
    const end = endOfHead(bytes);
    if (end === undefined) return this.#waitForHead();
    const head = readHead(bytes.subarray(0, end));
    if (head.status < 200) return this.#passInterim(head, end);
    const framing = framingOf(head, this.#reading.request.method);
    this.#head = head;
    this.#framing = framing;
    this.#filled = 0;
    if (framing.kind === "length") this.#left = framing.bytes;
    this.#since = performance.now();
    this.#reading.on.head(head, this.#body);
    const rest = bytes.subarray(end);
    if (rest.length > 0 || this.#isWhole()) this.#readOn(rest);
  }

  #waitForHead(): void {
    if (this.#filled >= maxHeadBytes)
      throw new BrokenAnswer(`its head is longer than ${maxHeadBytes} bytes`);
    if (performance.now() - this.#since > this.#reading.maxHeadMs)
      throw new TimedOut("its head takes too long to come");
  }

  #passInterim({ status }: Head, end: number): void {
    this.#interims += 1;
    if (status === 101 || this.#interims > maxInterims)
      throw new BrokenAnswer(`it says ${status}, which was not asked for`);
    this.#scratch.copyWithin(0, end, this.#filled);
    this.#filled -= end;
    this.#readHead();
  }

  #readOn(bytes: Buffer): void {
    const push = (part: Buffer): void => this.#body.push(Buffer.from(part));
    if (this.#framing?.kind === "close") return push(bytes);
    if (this.#framing?.kind === "chunked") {
      const used = this.#chunked.read(bytes, push);
      if (this.#chunked.isDone) this.#finish(used === bytes.length);
      return;
    }
    this.#copyIn(bytes);
  }

  /** Only what came together with the head is ever copied. */
  #copyIn(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length && !this.#isWhole()) {
      const count = bytes.copy(this.target(), 0, at);
      at += count;
      this.#fill(count, at < bytes.length);
    }
    if (this.#isWhole()) this.#finish(at === bytes.length);
  }

  #isWhole(): boolean {
    return this.#framing?.kind === "length" && this.#left === 0;
  }

  #fill(count: number, isMoreHere = false): void {
    this.#to += count;
    this.#left -= count;
    const block = this.#block;
    if (this.#left === 0) {
      if (!isMoreHere) this.#finish(true);
      return;
    }
    const isNearlyFull =
      block !== undefined && block.length - this.#to < tlsRecordBytes;
    if (isNearlyFull || this.#isWorthPassing()) this.#pass();
  }

  /** A reader that waits gets what is there, if it is much, or if it has waited long. */
  #isWorthPassing(): boolean {
    if (!this.#body.isAwaited) return false;
    if (this.#to - this.#from >= worthPassingOn) return true;
    return performance.now() - this.#since >= hurryMs;
  }

  #pass(): void {
    const block = this.#block;
    if (block === undefined || this.#to === this.#from) return;
    this.#since = performance.now();
    const chunk = block.subarray(this.#from, this.#to);
    if (this.#isLent) {
      this.#block = undefined;
      this.#from = this.#to = 0;
      return this.#body.push(chunk, block);
    }
    this.#from = this.#to;
    if (this.#to === block.length) {
      this.#block = undefined;
      this.#from = this.#to = 0;
    }
    this.#body.push(chunk);
  }

  /** Memory that is used again only for who reads in passing, and only where it is worth it. */
  #newBlock(): Buffer {
    this.#isLent =
      this.#reading.request.inPassing === true && this.#left > blockBytes;
    return this.#isLent
      ? this.#reading.blocks.take()
      : Buffer.allocUnsafeSlow(Math.min(this.#left, blockBytes));
  }

  #finish(isClean: boolean): void {
    if (this.#isDone) return;
    this.#pass();
    this.#isDone = true;
    this.#body.finish();
    this.#reading.on.done(isClean && this.#head?.isKeptAlive === true);
  }
}
