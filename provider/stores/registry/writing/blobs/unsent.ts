/** Bytes that came from the source and that the registry does not have yet. */
export class Unsent {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #bytes: Uint8Array = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** At least `count` bytes, or all that are left. */
  async fill(count: number): Promise<Uint8Array> {
    const parts = [this.#bytes];
    let length = this.#bytes.byteLength;
    while (length < count) {
      const { done, value } = await this.#chunks.next();
      if (done === true) break;
      parts.push(Uint8Array.from(value)); // whoever gave it may use its memory again
      length += value.byteLength;
    }
    if (parts.length > 1) this.#bytes = Buffer.concat(parts);
    return this.#bytes;
  }

  drop(count: number): void {
    this.#bytes = this.#bytes.subarray(count);
  }
}
