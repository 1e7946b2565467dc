const maxBytes = 16 * 1024 * 1024;
const maxEntries = 4096;
/** what is larger is streamed, and asked for again */
const maxEntryBytes = 1024 * 1024;

/** What was read and proven by digest at sources, so that nobody asks for it twice. The longest unused go first. */
export class Remembered {
  readonly #known = new Map<string, Uint8Array>();
  #bytes = 0;

  add(key: string, bytes: Uint8Array): void {
    if (bytes.byteLength > maxEntryBytes || this.#known.has(key)) return;
    this.#known.set(key, bytes);
    this.#bytes += bytes.byteLength;
    for (const [oldest, gone] of this.#known) {
      if (this.#bytes <= maxBytes && this.#known.size <= maxEntries) return;
      this.#known.delete(oldest);
      this.#bytes -= gone.byteLength;
    }
  }

  get(key: string): Uint8Array | undefined {
    const bytes = this.#known.get(key);
    if (bytes === undefined) return undefined;
    this.#known.delete(key);
    this.#known.set(key, bytes);
    return bytes;
  }
}
