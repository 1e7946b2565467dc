import type { Credential } from "../mirror/credential";
import { MirrorError } from "../mirror/errors";
import type { Reach } from "../mirror/ports";

type WithoutId<T> = T extends unknown ? Omit<T, "id" | "tried"> : never;

/** A login as a finder gives it; the catalog adds the handle, and who was asked before. */
export type FoundLogin = WithoutId<
  Exclude<Credential, { readonly kind: "anonymous" }>
>;

/** A login, or the word of a source that there is to be none. */
export type Found =
  FoundLogin | { readonly kind: "anonymous"; readonly source: string };

/** What is looked for: `host[:port]`, and `host[:port]/name`. */
export interface Wanted {
  readonly host: string;
  readonly repository: string;
  /** ask the source again, whatever is remembered: the last answer was refused */
  readonly isFresh: boolean;
}

/** One source of credentials. */
export interface Finder {
  /** in words, for messages */
  readonly name: string;
  /** Whether this source is asked about such a host at all. */
  concerns(host: string): boolean;
  /** `undefined` where it has nothing for the repository; a source that is broken throws (N16). */
  find(wanted: Wanted, reach: Reach): Promise<Found | undefined>;
}

/** A source of credentials that is configured and does not work. Its own words may hold secrets and are not repeated. */
export function brokenSource(
  source: string,
  why: string,
  remedy: string,
): MirrorError {
  return new MirrorError({
    fault: "invalid",
    code: "CREDENTIALS",
    what: `could not read credentials from ${source}`,
    why,
    remedy,
  });
}

/** The call was given up while a source was asked. */
export function givenUp(source: string, signal: AbortSignal): MirrorError {
  return new MirrorError({
    fault: "cancelled",
    code: "CANCELLED",
    what: `could not read credentials from ${source}`,
    why: "the operation was cancelled",
    remedy: "run it again",
    cause: signal.reason,
  });
}
