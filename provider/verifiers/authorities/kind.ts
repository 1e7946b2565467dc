import type { ZodObject } from "zod";
import type { Authority } from "../../mirror/ports";
import type { PolicyContext } from "../context";
import type { Problem } from "../problem";

/** Where in a policy an authority stands, and what it is prepared for. */
export interface Place extends PolicyContext {
  /** the property path, as the report names it: `signedBy[0].key` */
  readonly name: string;
}

/** One kind of authority: what a user may write, and what becomes of it. Its name is its word in the catalog. */
export interface AuthorityKind<Settings> {
  /** what one word of a policy says, for the schema */
  readonly description: string;
  readonly schema: ZodObject & { readonly _output: Settings };
  /** What is wrong with settings of the right shape, found with libraries that are loaded for it. */
  examine(settings: Settings): Promise<readonly Problem[]>;
  /** The settings as plain data with their trust material, the same for the same trust however it was written. */
  canonical(settings: Settings): unknown;
  /** What will stop holding soon, or has stopped already, as of `now`: shown in preview, never a reason to refuse. Trust material is at hand. */
  warnings?(settings: Settings, now: Date): readonly Problem[];
  /** Loads trust. Throws what `examine` would have found. */
  prepare(settings: Settings, place: Place): Promise<Authority>;
}
