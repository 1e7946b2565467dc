import type { Reach, Request, Response } from "../../../mirror/ports";
import { isReplayable } from "../wire/message";
import { NoAnswer } from "../wire/wireError";
import type { Clock } from "./clock";
import { spoken } from "./duration";
import { readRateLimit, share, type RateLimit } from "./rateLimit";
import { askedMs, jitterMs, pause, type Patience } from "./retry";
import { Slots, turn } from "./slots";
import { Tempo } from "./tempo";

/** One request on its way to a host, and who sends it. */
export interface Sending {
  readonly request: Request;
  readonly signal: AbortSignal;
  readonly reach: Reach;
  /** how many requests must be left for one to be sent; `undefined` where that does not matter */
  readonly minRemaining: number | undefined;
}

/** Until when a host wants to be left alone. */
interface Hold {
  readonly until: number;
  readonly at: Date;
  readonly why: string;
}

const scarce = 0.1; // W141

/** What one host can bear, learnt from its answers, and kept to by all who ask it (W140, W141, W143). */
export class HostPace {
  readonly #tempo = new Tempo();
  readonly #slots = new Slots(() => this.#tempo.limit);
  #hold: Hold | undefined;
  #left: (RateLimit & { readonly until: number }) | undefined;
  #isWarned = false;

  constructor(
    private readonly host: string,
    private readonly by: { readonly clock: Clock; readonly patience: Patience },
  ) {}

  /** When it may be asked again, while it wants to be left alone. */
  get retryAt(): Date | undefined {
    return this.#heldMs() > 0 ? this.#hold?.at : undefined;
  }

  /** Sends when it is our turn. The turn ends with the answer's head: who reads a body slowly, or uploads, holds up nobody. */
  async send(sending: Sending): Promise<Response> {
    const { request, signal, reach } = sending;
    const isShort = isReplayable(request);
    if (isShort) await turn(this.#slots, signal);
    try {
      await this.#waitForHost(sending);
      this.#refuseScarce(sending);
      const sentAt = this.by.clock.monotonic();
      const response = await reach.send(request, signal);
      this.#learn(response, sending, { sentAt, isShort });
      return response;
    } finally {
      if (isShort) this.#slots.give();
    }
  }

  async #waitForHost({ signal, reach }: Sending): Promise<void> {
    for (;;) {
      const leftMs = this.#heldMs();
      if (leftMs <= 0 || this.#hold === undefined) return;
      const { why, at } = this.#hold;
      if (leftMs > this.by.patience.maxRetryAfterMs)
        throw this.#limited({
          why: `${this.host} answered ${why}, and wants to be left alone until ${at.toISOString()} (${spoken(leftMs)})`,
          remedy: "run it again then, or log in for a higher limit",
          retryAt: at,
        });
      reach.notice?.({
        kind: "waiting",
        text: `waiting ${spoken(leftMs)} for ${this.host} (${why})`,
      });
      await pause(leftMs + jitterMs(this.by.clock), signal, this.by.clock);
    }
  }

  #heldMs(): number {
    return this.#hold === undefined
      ? 0
      : this.#hold.until - this.by.clock.monotonic();
  }

  /** Stops before the host does: what others need of its limit is left to them. */
  #refuseScarce({ minRemaining, reach }: Sending): void {
    const left = this.#left;
    if (left === undefined || minRemaining === undefined) return;
    const forMs = left.until - this.by.clock.monotonic();
    if (left.remaining > minRemaining || forMs <= 0) return;
    const isDated = Number.isFinite(forMs);
    const until = isDated ? new Date(reach.now().getTime() + forMs) : undefined;
    throw this.#limited({
      why: `${this.host} grants ${left.remaining} more requests${until ? ` until ${until.toISOString()}` : ""}, and \`minRemaining\` keeps ${minRemaining} of them`,
      remedy:
        "run it again later, log in for a higher limit, or lower `minRemaining`",
      retryAt: until,
    });
  }

  #limited(parts: {
    readonly why: string;
    readonly remedy: string;
    readonly retryAt: Date | undefined;
  }): NoAnswer {
    return new NoAnswer(
      {
        ...parts,
        fault: "unreachable",
        code: "RATE_LIMITED",
        retryable: false,
      },
      { what: `could not ask ${this.host}`, where: {} },
    );
  }

  #learn(
    response: Response,
    { reach }: Sending,
    sent: { readonly sentAt: number; readonly isShort: boolean },
  ): void {
    const now = this.by.clock.monotonic();
    const { sentAt, isShort } = sent;
    const isRefusal = response.status === 429 || response.status === 503;
    if (isRefusal) this.#tempo.refused({ sentAt, now });
    else if (isShort)
      this.#tempo.answered({ sentAt, now, isBusy: this.#slots.isCrowded });
    const left = readRateLimit(response, reach.now());
    if (left !== undefined) this.#count(left, reach);
    if (isRefusal) this.#obey(response, reach);
  }

  #count(left: RateLimit, reach: Reach): void {
    const forMs = left.resetMs ?? left.windowMs ?? Infinity;
    this.#left = { ...left, until: this.by.clock.monotonic() + forMs };
    const isScarce = left.limit !== undefined && share(left) < scarce;
    if (!isScarce || this.#isWarned) return;
    this.#isWarned = true;
    const per =
      left.windowMs === undefined ? "" : ` per ${spoken(left.windowMs)}`;
    reach.notice?.({
      kind: "warning",
      text: `${this.host} grants ${left.remaining} more of ${left.limit} requests${per}; log in for a higher limit, or set \`minRemaining\` to stop in time`,
    });
  }

  /** Everybody waits for what one was told (G10). */
  #obey(response: Response, reach: Reach): void {
    const ms = askedMs(response, reach.now());
    if (ms === undefined || ms <= this.#heldMs()) return;
    this.#hold = {
      until: this.by.clock.monotonic() + ms,
      at: new Date(reach.now().getTime() + ms),
      why: `HTTP ${response.status}`,
    };
  }
}
