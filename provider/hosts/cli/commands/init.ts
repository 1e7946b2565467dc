import type { Command } from "../command";
import { exit } from "../exit";

/** Sets a project up, so that Pulumi downloads nothing. */
export const init: Command = {
  word: "init",
  summary:
    "write the plugin's path into Pulumi.yaml, so that Pulumi downloads nothing",
  words: [],
  options: {},
  async run(_, terminal) {
    const { setUp } = await import("../init/setUp.ts");
    terminal.print(setUp(terminal.folder));
    return exit.done;
  },
};
