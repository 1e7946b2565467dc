import type { ZodObject } from "zod";
import type { Call, Failure, Values } from "../mirror/lifecycle";
import type { World } from "../resources/world";

/** A function's answer, or what is wrong with its arguments. */
export type Answer =
  { readonly values: Values } | { readonly failures: readonly Failure[] };

/** One thing a user may ask: its shape, which becomes the schema, and its answer. It reads, and never writes. */
export interface FunctionKind {
  /** `artifact-mirror:index:verifyArtifact` */
  readonly token: string;
  readonly description: string;
  /** As a resource's inputs. */
  readonly inputs: ZodObject;
  readonly outputs: ZodObject;
  /** Throws what makes the call fail. */
  ask(world: World, call: Call, values: Values): Promise<Answer>;
}
