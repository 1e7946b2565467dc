import type { Reach } from "../../../../mirror/ports";
import type { ListedRepository } from "../../../../mirror/repositories";
import type { Place } from "../../place";
import type { Asked } from "../../wire/wireError";

/** Repositories as they come, page by page. */
export type Pages = AsyncIterable<readonly ListedRepository[]>;

/** Whom a way asks, and about what. */
export interface Inquiry {
  /** the host whose API is asked; its credential is the only one that may be shown there */
  readonly place: Place;
  /** `host[:port]` as the user wrote it */
  readonly registry: string;
  /** empty where a way needs none and the user gave none */
  readonly namespace: string;
  readonly asked: Asked;
  readonly reach: Reach;
  /** after so many, nobody reads on */
  readonly max: number;
  /** a repository of the registry itself */
  open(repository: string): Place;
}

/** One way to list a registry's repositories. */
export interface Way {
  /** the host of its API, where that is another one than the registry's */
  readonly api?: string;
  /** what a namespace is there, where it cannot do without one */
  readonly needs?: string;
  /** whether who is not logged in sees only what is public, and is not told so */
  readonly hidesPrivate: boolean;
  list(inquiry: Inquiry): Pages;
}
