import type { Command } from "../command";
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
    const { listEstate } = await import("../estate/listEstate.ts");
    return withWorld(asked, terminal, (opened) => listEstate(asked, opened));
  },
};
