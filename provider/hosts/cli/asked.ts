/** A command line, understood. */
export class Asked {
  readonly #words: readonly string[];
  readonly #options: ReadonlyMap<string, readonly (string | boolean)[]>;

  constructor(
    words: readonly string[],
    options: ReadonlyMap<string, readonly (string | boolean)[]>,
  ) {
    this.#words = words;
    this.#options = options;
  }

  /** the argument at this place; as many as the command names are there */
  word(index: number): string {
    return this.#words[index] ?? "";
  }

  text(name: string): string | undefined {
    return this.texts(name).at(-1);
  }

  /** every value of a repeated option; each may hold several, separated by commas only where the command splits it */
  texts(name: string): readonly string[] {
    const values = this.#options.get(name) ?? [];
    return values.filter((value) => typeof value === "string");
  }

  has(name: string): boolean {
    return this.#options.has(name);
  }
}
