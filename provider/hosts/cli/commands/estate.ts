import type { Command } from "../command";
import { exit } from "../exit";
import { jsonOption, worldOptions } from "../options";

/** Reads an estate file and lists what it declares: `getEstate`. */
export const estate: Command = {
  word: "estate",
  summary: "check an estate file, and list the resources that it declares",
  words: ["FILE"],
  options: {
    shard: {
      value: "I/N",
      says: "only those of shard I of N, counted from 0: 0/4",
    },
    ...worldOptions,
    ...jsonOption,
  },
  help: `No registry is asked. What is wrong is told with line and column, and exit code 2.
Policies that the file only names come from --config, as in a program they come from the provider.`,
  async run(asked, terminal) {
    const { withWorld } = await import("../withWorld.ts");
    const { getEstate } = await import("../../../functions/getEstate.ts");
    const { estateFrom } = await import("../arguments/estateFrom.ts");
    const { estateText } = await import("../print/estateText.ts");
    return withWorld(asked, terminal, async (opened) => {
      const { world, call, terminal: inner, show } = opened;
      const args = estateFrom(asked, inner);
      const answer = await getEstate.ask(world, call, args);
      if ("values" in answer) {
        show(answer.values, estateText);
        return exit.done;
      }
      // each problem of the file is a line of its own
      for (const { reason } of answer.failures)
        inner.complain(`error: ${reason.trimEnd()}`);
      return exit.misunderstood;
    });
  },
};
