import { Flights } from "../../mirror/flights";
import type { Reach } from "../../mirror/ports";
import { brokenSource, givenUp, type FoundLogin, type Wanted } from "../finder";

/** A login that a cloud gives for a time. */
export interface TimedLogin {
  readonly found: FoundLogin;
  /** by the wall clock, in milliseconds: from then on it is asked for again */
  readonly until: number;
}

/** Logins of a cloud by key: asked for once however many want them, and again when one is nearly over or was refused. */
export class TimedLogins {
  readonly #known = new Map<string, TimedLogin>();
  readonly #asking = new Flights<TimedLogin>();

  constructor(private readonly timeoutMs = 60_000) {}

  /** `source` names in messages who is asked; a failure is not kept. */
  async login(
    { key, source }: { readonly key: string; readonly source: string },
    wanted: Pick<Wanted, "isFresh"> & { readonly reach: Reach },
    ask: () => Promise<TimedLogin>,
  ): Promise<FoundLogin> {
    const { isFresh, reach } = wanted;
    const known = this.#known.get(key);
    const isGood = known !== undefined && reach.now().getTime() < known.until;
    if (isGood && !isFresh) return known.found;
    const asked = this.#asking.join(key, reach.signal, async () => {
      const login = await this.#bounded(ask(), source, reach.signal);
      this.#known.set(key, login);
      return login;
    });
    // whoever joins what somebody else has asked may give up on his own
    const { value } = await this.#bounded(asked, source, reach.signal);
    return value.found;
  }

  /** The clouds' own libraries wait as long as they like, and hear of no cancellation on some of their ways. */
  async #bounded<T>(
    work: Promise<T>,
    source: string,
    signal: AbortSignal,
  ): Promise<T> {
    const slow = AbortSignal.timeout(this.timeoutMs);
    const { promise, reject } = Promise.withResolvers<never>();
    const abort = (): void => reject(givenUp(source, signal));
    const late = (): void =>
      reject(
        brokenSource(
          source,
          `no answer came within ${this.timeoutMs / 1000} seconds`,
          "check that this machine reaches the cloud's own endpoints",
        ),
      );
    signal.addEventListener("abort", abort, { once: true });
    slow.addEventListener("abort", late, { once: true });
    if (signal.aborted) abort();
    try {
      return await Promise.race([work, promise]);
    } finally {
      signal.removeEventListener("abort", abort);
      slow.removeEventListener("abort", late);
    }
  }
}
