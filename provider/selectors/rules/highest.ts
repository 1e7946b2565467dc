import type { CutRule } from "../rule";
import { aboveAll } from "./ties";

/** The highest version alone. */
export const highest: CutRule = {
  name: "highest",
  prepare: ({ mode }) => (mode === "highest" ? aboveAll : undefined),
};
