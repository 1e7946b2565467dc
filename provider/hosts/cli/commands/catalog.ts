import type { Command } from "../command";
import { convert } from "./convert";
import { estate } from "./estate";
import { init } from "./init";
import { tags } from "./tags";

/** Everything the command line knows, in the order of its help. */
export const commands: readonly Command[] = [tags, estate, convert, init];
