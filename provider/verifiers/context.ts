import type { Reach, Stores } from "../mirror/ports";

/** What a policy is made ready for, and with what. */
export interface PolicyContext {
  /** the source repository, `host/repository`, also when the copy is judged */
  readonly repository: string;
  /** the destination's repository, when the copy there is judged */
  readonly copy?: string;
  /** only for trust that has to be fetched: revocation, TUF, trust material and plugins that are artifacts */
  readonly reach: Reach;
  readonly stores: Stores;
  /** whether the public-good root is brought up to date first */
  readonly trustRefresh: "never" | "tuf";
  /** repositories (globs) and digests of plugins that may run */
  readonly allowedPlugins: readonly string[];
}
