/** Thrown where a run that has been stopped would begin something new; nobody gets an answer to it. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";
}

/** Lets work in until the run is stopped, and tells when the last work of a stopped run has ended. */
export class Gate {
  private working = 0;
  private isStopped = false;
  private release: () => void = () => undefined;
  /** Resolves when the run is stopped and nothing is in flight any more. */
  readonly drained = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  get stopped(): boolean {
    return this.isStopped;
  }

  stop(): void {
    this.isStopped = true;
    this.settle();
  }

  pass(): void {
    if (this.isStopped) throw new StoppedError("the run has been stopped");
  }

  async enter<T>(work: () => Promise<T>): Promise<T> {
    this.pass();
    this.working += 1;
    try {
      return await work();
    } finally {
      this.working -= 1;
      this.settle();
    }
  }

  private settle(): void {
    if (this.isStopped && this.working === 0) this.release();
  }
}

export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs at most `count` works at once, the rest in the order of asking. */
export function limit(count: number): Limit {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
