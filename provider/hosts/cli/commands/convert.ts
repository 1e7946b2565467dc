import type { Command } from "../command";
import { exit } from "../exit";
import { jsonOption } from "../options";

/** Makes an estate of what another tool has been told. */
export const convert: Command = {
  word: "convert",
  summary: "make an estate of a file of regsync, replicant or flux-mirror",
  words: ["FILE"],
  options: {
    from: {
      value: "TOOL",
      says: "whose file it is: regsync, replicant or flux-mirror. Default: as it looks",
    },
    out: {
      value: "FILE",
      says: "where the estate goes. Default: estate.yaml; - is stdout",
    },
    force: { says: "write over a file that is there" },
    unverified: {
      value: "REASON",
      says: "verify nothing, for this reason, instead of leaving the policy to be written",
    },
    ...jsonOption,
  },
  help: `Lists what could not be carried over, each with its line and why. Nothing is dropped in silence.

Those tools verify nothing, or little. So the estate has a policy that is empty, and is refused until you
say in it who must have signed; what flux-mirror verifies is carried over. Logins are never written into it.

Exit code 0 says that an estate was written, whether or not something was left out; with --json, "left" names it.`,
  async run(asked, terminal) {
    const { convertFile } = await import("../convert/convertFile.ts");
    await convertFile(asked, terminal);
    return exit.done;
  },
};
