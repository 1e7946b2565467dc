import type { Command } from "../command";
import { init } from "./init";

/** Everything the command line knows, in the order of its help. */
export const commands: readonly Command[] = [init];
