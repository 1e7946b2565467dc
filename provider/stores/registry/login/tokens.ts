/** A bearer token and when it should be renewed, on the monotonic clock. */
export interface Token {
  readonly value: string;
  readonly renewAt: number;
}

const maxLength = 8 * 1024 * 1024;

/** Tokens by what they are for. A registry may ask for another one each time: the longest unused go first. */
export class Tokens {
  readonly #known = new Map<string, Token>();
  #length = 0;

  get(key: string): Token | undefined {
    const token = this.#known.get(key);
    if (token === undefined) return undefined;
    this.#known.delete(key);
    this.#known.set(key, token);
    return token;
  }

  add(key: string, token: Token): void {
    this.delete(key);
    this.#known.set(key, token);
    this.#length += lengthOf(key, token);
    for (const oldest of this.#known.keys()) {
      if (this.#length <= maxLength) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const token = this.#known.get(key);
    if (token === undefined) return;
    this.#known.delete(key);
    this.#length -= lengthOf(key, token);
  }
}

function lengthOf(key: string, { value }: Token): number {
  return key.length + value.length;
}
