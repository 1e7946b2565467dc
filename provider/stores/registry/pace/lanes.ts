import type { Reach, Request, Response } from "../../../mirror/ports";
import { Recent } from "../memory/recent";
import type { Clock } from "./clock";
import { HostPace } from "./hostPace";
import type { Patience } from "./retry";
import { Slots, turn } from "./slots";
import { swiftlyTaken } from "../wire/swift";
import { warningsIn } from "./warning";

/** The way to one repository, shared with all others to the same hosts. */
export interface Lane {
  /** The same reach, whose requests wait for their turn at each host. */
  paced(reach: Reach): Reach;
  /** Does what streams a large body to the registry, when it is its turn. */
  flow<T>(reach: Reach, work: () => Promise<T>): Promise<T>;
  /** Warns in each text once. */
  warn(text: string, reach: Reach): void;
  /** When the registry may be asked again, while it wants to be left alone. */
  readonly retryAt: Date | undefined;
}

/** Whose lane it is. */
export interface Home {
  readonly origin: string;
  /** how many requests of the registry's limit are left to others */
  readonly minRemaining: number | undefined;
  /** what the user should be told once, whatever the registry answers */
  readonly caution?: string;
  /** takes secrets out of the registry's words */
  hide(text: string): string;
}

const maxFlows = 8; // performance.md §7.6
const maxFlowsPerOrigin = 6;
const maxWarnings = 100;
const maxLed = 1000;

/** What all requests of a process share on their way: turns at each host, turns for large bodies, what was warned of. */
export class Lanes {
  readonly #hosts = new Map<string, HostPace>();
  /** hosts of a registry's storage and logins, by who leads there */
  readonly #ledTo = new Recent<HostPace>(maxLed);
  readonly #flows = new Slots(() => maxFlows);
  readonly #flowsTo = new Map<string, Slots>();
  /** origins that a call has asked already: what is begun is finished */
  readonly #begun = new WeakMap<AbortSignal, Set<string>>();
  readonly #warned = new Map<string, Set<string>>();

  constructor(
    private readonly by: { readonly clock: Clock; readonly patience: Patience },
  ) {}

  /** Opens the lane of one repository; asks nobody. */
  open(home: Home): Lane {
    const host = this.#hostOf(new URL(home.origin));
    const isBegun = new Set<string>();
    return {
      paced: (reach) => ({
        ...reach,
        send: (request, signal) =>
          this.#send({ home, isBegun, reach }, request, signal),
      }),
      flow: (reach, work) => this.#flow(home.origin, reach, work),
      warn: (text, reach) => this.#warn(home.origin, text, reach),
      get retryAt() {
        return host.retryAt;
      },
    };
  }

  async #send(
    from: {
      readonly home: Home;
      readonly isBegun: Set<string>;
      readonly reach: Reach;
    },
    request: Request,
    signal: AbortSignal,
  ): Promise<Response> {
    const { home, isBegun, reach } = from;
    const { origin } = request.url;
    const begun = this.#begunBy(reach.signal);
    const isHome = origin === home.origin;
    const isNew = isHome && !isBegun.has(origin) && !begun.has(origin);
    const response = await this.#hostOf(request.url, request.ledBy).send({
      request: this.#metered(request),
      signal,
      reach,
      minRemaining: isNew ? home.minRemaining : undefined,
    });
    if (!isHome) return response;
    isBegun.add(origin);
    begun.add(origin);
    this.#pass(response, home, reach);
    return response;
  }

  #begunBy(signal: AbortSignal): Set<string> {
    const begun = this.#begun.get(signal) ?? new Set();
    this.#begun.set(signal, begun);
    return begun;
  }

  /** Whoever leads us to a host answers for its patience there alone: else a source could have any registry held up for all. */
  #hostOf({ origin, host }: URL, ledBy?: Request["ledBy"]): HostPace {
    const isLed = ledBy instanceof URL && ledBy.origin !== origin;
    const paces = isLed ? this.#ledTo : this.#hosts;
    const key = isLed ? `${ledBy.origin} ${origin}` : origin;
    const pace = paces.get(key) ?? new HostPace(host, this.by);
    paces.set(key, pace);
    return pace;
  }

  #metered(request: Request): Request {
    const { body } = request;
    if (body === undefined || body instanceof Uint8Array) return request;
    const { clock } = this.by;
    return { ...request, body: swiftlyTaken(body, () => clock.monotonic()) };
  }

  /** What a registry warns of (W145), and what there is to say of it. */
  #pass(response: Response, home: Home, reach: Reach): void {
    const { host } = new URL(home.origin);
    if (home.caution !== undefined)
      this.#warn(home.origin, home.caution, reach);
    for (const words of warningsIn(response, (text) => home.hide(text)))
      this.#warn(home.origin, `${host} warns: ${words}`, reach);
  }

  /** Once a text; a registry that never repeats itself is not listened to for ever. */
  #warn(origin: string, text: string, reach: Reach): void {
    const told = this.#warned.get(origin) ?? new Set();
    this.#warned.set(origin, told);
    if (told.has(text) || told.size >= maxWarnings) return;
    told.add(text);
    reach.notice?.({ kind: "warning", text });
  }

  async #flow<T>(
    origin: string,
    reach: Reach,
    work: () => Promise<T>,
  ): Promise<T> {
    const own = this.#flowsTo.get(origin) ?? new Slots(() => maxFlowsPerOrigin);
    this.#flowsTo.set(origin, own);
    if (!own.isFree || !this.#flows.isFree)
      reach.notice?.({
        kind: "waiting",
        text: `waiting until other large blobs are written, before one goes to ${new URL(origin).host}`,
      });
    const { signal } = reach;
    return inTurn(own, signal, () => inTurn(this.#flows, signal, work));
  }
}

async function inTurn<T>(
  slots: Slots,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  await turn(slots, signal);
  try {
    return await work();
  } finally {
    slots.give();
  }
}
