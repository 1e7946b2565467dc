/** How much is read from the system at once, and handed on in one piece. */
export const blockBytes = 256 * 1024;
/** a chunk's memory is used again when so many more were asked for; ports.ts says so to every reader */
const keptChunks = 4;
const maxWaitingBytes = 2 * blockBytes;
const maxSpares = 48;

/** Blocks of memory that go from body to body, so that a stream of any length needs no more than a few. */
export class Blocks {
  readonly #spares: Buffer[] = [];

  take(): Buffer {
    return this.#spares.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
  }

  give(block: Buffer): void {
    if (this.#spares.length < maxSpares) this.#spares.push(block);
  }
}

/** One piece of a body; `block` is the memory it lies in, where that is to be used again. */
interface Piece {
  readonly chunk: Buffer;
  readonly block: Buffer | undefined;
}

/** A body between the socket that fills it and the one reader that empties it. */
export class Body implements AsyncIterableIterator<Uint8Array> {
  readonly #waiting: Piece[] = [];
  readonly #handedOut: (Buffer | undefined)[] = [];
  readonly #blocks: Blocks;
  readonly #on: { readonly room: () => void; readonly left: () => void };
  #waitingBytes = 0;
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(blocks: Blocks, on: { room: () => void; left: () => void }) {
    this.#blocks = blocks;
    this.#on = on;
  }

  get isFull(): boolean {
    return this.#waitingBytes >= maxWaitingBytes;
  }

  /** Whether somebody waits, and there is nothing. */
  get isAwaited(): boolean {
    return this.#wake !== undefined;
  }

  push(chunk: Buffer, block?: Buffer): void {
    this.#waiting.push({ chunk, block });
    this.#waitingBytes += chunk.length;
    this.#stir();
  }

  /** The last word; only the first one counts. */
  finish(end: { readonly error?: unknown } = {}): void {
    this.#end ??= end;
    this.#stir();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#recycle();
    while (this.#waiting.length === 0 && this.#end === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const piece = this.#waiting.shift();
    if (piece !== undefined)
      return { value: this.#handOut(piece), done: false };
    if (this.#end !== undefined && "error" in this.#end) throw this.#end.error;
    return { value: undefined, done: true };
  }

  /** The reader leaves before the end. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#waiting.length = 0;
    if (this.#end === undefined) this.#on.left();
    return { value: undefined, done: true };
  }

  #stir(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  #recycle(): void {
    if (this.#handedOut.length < keptChunks) return;
    const block = this.#handedOut.shift();
    if (block !== undefined) this.#blocks.give(block);
  }

  #handOut({ chunk, block }: Piece): Uint8Array {
    this.#handedOut.push(block);
    this.#waitingBytes -= chunk.length;
    if (!this.isFull) this.#on.room();
    return chunk;
  }
}
