/** Where something stands in the file that is converted. */
export interface Spot {
  /** `sync[2].tags.allow` */
  readonly path: string;
  readonly line: number;
}

/** Something that is not in the result, and why. */
export interface Left extends Spot {
  readonly why: string;
}

/** What became of each key. Nothing that was looked at may be in neither list. */
export class Log {
  readonly #left = new Map<string, Left>();
  readonly #carried = new Map<string, Spot>();

  /** What is not in the result, in the order of the file. */
  get left(): readonly Left[] {
    return [...this.#left.values()].sort((one, other) => one.line - other.line);
  }

  get carried(): readonly Spot[] {
    return [...this.#carried.values()];
  }

  carry({ path, line }: Spot): void {
    this.#carried.set(path, { path, line });
  }

  leave({ path, line }: Spot, why: string): void {
    this.#carried.delete(path);
    this.#left.set(`${path} ${why}`, { path, line, why });
  }

  /** A whole entry is left out: one reason, instead of one for each of its keys. */
  leaveOut(spot: Spot, why: string): void {
    for (const path of this.#carried.keys())
      if (isWithin(path, spot.path)) this.#carried.delete(path);
    for (const [key, { path }] of this.#left)
      if (isWithin(path, spot.path)) this.#left.delete(key);
    this.leave(spot, why);
  }
}

function isWithin(path: string, outer: string): boolean {
  return path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);
}

/** Thrown where an entry would mean something else without what cannot be carried over. */
export class LeftOut extends Error {
  override readonly name = "LeftOut";
}
