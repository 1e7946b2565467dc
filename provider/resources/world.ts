import type { Stores } from "../mirror/ports";
import type { Memory } from "./memory";
import type { PolicyInput } from "../verifiers/policy";

/** What the provider's configuration makes of the outside, for resources and functions. Built by `hosts/world.ts`; making it asks nobody. */
export interface World {
  readonly stores: Stores;
  /** shared policies by name, for `policy: { use }` */
  readonly policies: Readonly<Record<string, PolicyInput>>;
  /** the floor that no resource can lower */
  readonly allowUnverified: boolean;
  /** whether the public-good root is brought up to date before it is used */
  readonly trustRefresh: "never" | "tuf";
  /** repositories (globs) and digests of plugins that may run */
  readonly allowedPlugins: readonly string[];
  readonly memory: Memory;
}
