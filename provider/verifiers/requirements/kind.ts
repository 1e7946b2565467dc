import type { ZodType } from "zod";
import type { Authority, Requirement } from "../../mirror/ports";
import type { AuthorityInput } from "../authorities/catalog";
import type { Problem } from "../problem";
import type { PolicyContext } from "../context";

/** An authority that a requirement names, and where. */
export interface Named {
  readonly path: readonly (string | number)[];
  readonly input: AuthorityInput;
}

/** One requirement that a policy makes, before trust is loaded. */
export interface Asked {
  /** the property path inside the policy: `signedBy`, `attestations[0]` */
  readonly name: string;
  readonly blocks: boolean;
  /** whether passing it proves who vouched */
  readonly proves: boolean;
  readonly by: readonly Named[];
  /** whatever else decides, as plain data for the policy's digest */
  readonly conditions: unknown;
  make(authorities: readonly Authority[], context: PolicyContext): Requirement;
}

/** One kind of requirement: its words in a policy, and what becomes of them. */
export interface RequirementKind<Shape extends Record<string, ZodType>> {
  readonly shape: Shape;
  /** What is wrong between words that are right by themselves. */
  problems(policy: Words<Shape>): readonly Problem[];
  /** What is wrong with words of the right shape, found with libraries that are loaded for it. */
  examine?(policy: Words<Shape>): Promise<readonly Problem[]>;
  ask(policy: Words<Shape>): readonly Asked[];
}

/** What the words of a shape hold. */
export type Words<Shape extends Record<string, ZodType>> = {
  readonly [Word in keyof Shape]?: Shape[Word]["_output"];
};
