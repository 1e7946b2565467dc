/** A map that holds no more than `most`, counted by `sizeOf`, else by values. The longest unused go first. */
export class Recent<Value> {
  readonly #known = new Map<string, Value>();
  #size = 0;

  constructor(
    private readonly most: number,
    private readonly sizeOf: (value: Value, key: string) => number = () => 1,
  ) {}

  get(key: string): Value | undefined {
    const value = this.#known.get(key);
    if (value === undefined) return undefined;
    this.#known.delete(key);
    this.#known.set(key, value);
    return value;
  }

  /** Keeps a value, which must keep its size; one that is larger than all of the map is not kept. */
  set(key: string, value: Value): void {
    this.delete(key);
    this.#known.set(key, value);
    this.#size += this.sizeOf(value, key);
    for (const oldest of this.#known.keys()) {
      if (this.#size <= this.most) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const value = this.#known.get(key);
    if (value === undefined) return;
    this.#known.delete(key);
    this.#size -= this.sizeOf(value, key);
  }

  values(): Iterable<Value> {
    return this.#known.values();
  }
}
