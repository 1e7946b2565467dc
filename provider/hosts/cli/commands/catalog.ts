import type { Command } from "../command";
import { artifact } from "./artifact";
import { convert } from "./convert";
import { estate } from "./estate";
import { init } from "./init";
import { repositories } from "./repositories";
import { tags } from "./tags";
import { tree } from "./tree";
import { verify } from "./verify";

/** Everything the command line knows, in the order of its help. */
export const commands: readonly Command[] = [
  artifact,
  tags,
  tree,
  verify,
  repositories,
  estate,
  convert,
  init,
];
