import type { ProgramFile } from "./indexFile";

/** What is written by hand in `sdk/program`, for TypeScript programs alone. */
export const program: readonly ProgramFile[] = [
  { file: "gate", functions: ["gate"], types: ["GateArgs", "GateOptions"] },
  {
    file: "estate",
    functions: ["estate"],
    types: ["Estate", "EstateOptions"],
  },
];
