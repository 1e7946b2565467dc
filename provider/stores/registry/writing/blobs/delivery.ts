import type { Reach } from "../../../../mirror/ports";
import { whereIn } from "../../../../mirror/where";
import type { Descriptor } from "../../../../oci/descriptor";
import { held } from "../../../proven";
import type { Supply } from "../../memory/brought";
import { sizeMismatch } from "../../reading/content";
import type { Session } from "./location";

/** One blob on its way. */
export interface Delivery extends Supply {
  readonly onBytes: (count: number) => void;
  /** proven not to be at the destination yet */
  readonly isAbsent: boolean;
}

/** The source's part in one attempt to write. */
export interface Flow {
  /** what the source gives, never more or less than described (W88); what completes it waits for the source's last word */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** the source's failure, where it is to blame */
  failure(): { readonly error: unknown } | undefined;
  /** Begins to read though nobody takes yet. */
  begin(): void;
  /** Stops reading at once (W89). */
  stop(): void;
}

/** One attempt to write a blob. */
export interface Attempt {
  readonly flow: Flow;
  readonly blob: Descriptor;
  /** the session, as the last answer told it */
  readonly at: { session: Session };
}

/** Opens the source's side of one attempt; it asks when somebody reads, or at `begin`. */
export function openFlow(delivery: Delivery, reach: Reach): Flow {
  const { source, blob } = delivery;
  const stopping = new AbortController();
  const signal = AbortSignal.any([reach.signal, stopping.signal]);
  const early = new Early(source.open(blob, { ...reach, signal }));
  let failure: { readonly error: unknown } | undefined;
  async function* read(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* counted(early, delivery);
    } catch (error) {
      if (!stopping.signal.aborted) failure = { error };
      throw error;
    }
  }
  return {
    chunks: read(),
    failure: () => failure,
    begin: () => early.begin(),
    stop: () => {
      stopping.abort();
      early.end();
    },
  };
}

function counted(
  chunks: AsyncIterable<Uint8Array>,
  { source, blob, onBytes }: Delivery,
): AsyncIterable<Uint8Array> {
  const asked = {
    what: "could not read the blob",
    where: whereIn(source, blob.digest),
  };
  return held(chunks, {
    size: blob.size,
    see: (chunk) => onBytes(chunk.byteLength),
    prove: (count) => {
      if (count === blob.size) return;
      const actual = count > blob.size ? `at least ${count}` : count;
      throw sizeMismatch(asked, blob.size, actual);
    },
  });
}

/** A stream whose first chunk may be asked for before anybody takes it. */
class Early implements AsyncIterable<Uint8Array> {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #first: Promise<IteratorResult<Uint8Array>> | undefined;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  begin(): void {
    this.#first = this.#chunks.next();
    this.#first.catch(() => undefined); // whoever takes it sees it
  }

  end(): void {
    this.#chunks.return?.().catch(() => undefined); // nobody waits for a source that is slow to let go
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return {
      next: () => {
        const next = this.#first ?? this.#chunks.next();
        this.#first = undefined;
        return next;
      },
      return: async () => {
        this.end();
        return { done: true, value: undefined };
      },
    };
  }
}
