import type { Reach } from "./reach";

/** How the repositories of a registry may be listed; the spec has no way of its own. */
export const catalogWays = [
  "distribution",
  "docker-hub",
  "quay",
  "harbor",
  "gitlab",
  "github",
  "google",
  "ecr",
  "zot",
  "artifactory",
] as const;

/** One of `catalogWays`. */
export type CatalogWay = (typeof catalogWays)[number];

/** Which repositories are asked for, and how. */
export interface RepositoriesWish {
  /** `host[:port]` */
  readonly registry: string;
  /** only this repository and what lies below it: `acme` */
  readonly namespace?: string | undefined;
  /** where absent, the one that the registry is known for */
  readonly way?: CatalogWay | undefined;
  /** `host[:port]` of the product's own API, where that is another one */
  readonly api?: string | undefined;
  /** after so many, no more are asked for */
  readonly max: number;
}

/** One repository as a registry lists it. */
export interface ListedRepository {
  /** without its host */
  readonly name: string;
  /** RFC 3339, as the registry says */
  readonly updated?: string | undefined;
  /** its newest tag, where the registry says which */
  readonly newest?: string | undefined;
}

/** What a registry lists. */
export interface RepositoryList {
  readonly way: CatalogWay;
  /** sorted by name, each once */
  readonly repositories: readonly ListedRepository[];
  /** whether the registry has been read to its end */
  readonly isComplete: boolean;
  /** what the reader has to know of it */
  readonly notes: readonly string[];
}

/** Lists a cloud's repositories by the cloud's own API and identity, page by page. */
export interface CloudRepositories {
  list(
    registry: string,
    reach: Reach,
  ): AsyncIterable<readonly ListedRepository[]>;
}

/** Lists the repositories of a registry by the best way that it offers; throws where it offers none. */
export type ListRepositories = (
  wish: RepositoriesWish,
  reach: Reach,
) => Promise<RepositoryList>;
