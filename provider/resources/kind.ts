import type { ZodObject } from "zod";
import type { Lifecycle } from "../mirror/lifecycle";
import type { World } from "./world";

/** One thing a user may declare: its shape, which becomes the schema, and its life. */
export interface ResourceKind {
  /** `artifact-mirror:index:MirroredArtifact` */
  readonly token: string;
  readonly description: string;
  /** Every nested object carries `.meta({ id })`, its Pulumi type name; every property `.describe()`; secrets `.meta({ secret: true })`. */
  readonly inputs: ZodObject;
  readonly outputs: ZodObject;
  /** inputs whose change replaces the resource */
  readonly replaceOnChanges: readonly string[];
  /** output → inputs from which it is made: where one of them is secret, so is the output */
  readonly madeFrom: Readonly<Record<string, readonly string[]>>;
  lifecycle(world: World): Lifecycle;
}
