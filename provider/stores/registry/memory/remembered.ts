import { Recent } from "./recent";

const maxBytes = 16 * 1024 * 1024;
/** what is larger is streamed, and asked for again */
const maxEntryBytes = 1024 * 1024;
/** what is smaller counts as much: 4096 entries at the most */
const minEntryBytes = 4096;

/** What was read and proven by digest at sources, so that nobody asks for it twice. */
export class Remembered {
  readonly #known = new Recent<Uint8Array>(maxBytes, ({ byteLength }) =>
    Math.max(byteLength, minEntryBytes),
  );

  add(key: string, bytes: Uint8Array): void {
    if (bytes.byteLength <= maxEntryBytes) this.#known.set(key, bytes);
  }

  get(key: string): Uint8Array | undefined {
    return this.#known.get(key);
  }
}
