import type { ZodType } from "zod";
import { attestation } from "./attestation";
import type { RequirementKind } from "./kind";
import { plugin } from "./plugin";
import { provenance } from "./provenance";
import { signature } from "./signature";

/** What can be asked for. A new kind is one file and one word here. */
export const requirementKinds = {
  signature,
  attestation,
  provenance,
  plugin,
} as const;

type Shapes = (typeof requirementKinds)[keyof typeof requirementKinds]["shape"];
type Merged<Shape> = (
  Shape extends unknown ? (shape: Shape) => void : never
) extends (shape: infer All) => void
  ? All
  : never;

/** The words of all kinds together. */
export const requirementShape = Object.assign(
  {},
  ...Object.values(requirementKinds).map(({ shape }) => shape),
) as Merged<Shapes>;

/** Every kind, reading its own words of a whole policy. */
export const everyKind = Object.values(
  requirementKinds,
) as unknown as readonly RequirementKind<Record<string, ZodType>>[];
