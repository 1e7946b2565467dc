import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { durationMs } from "../../provider/mirror/duration";
import { emptyFolder } from "./project";

/** Runs before everything else in a process: its clock goes wrong by what the file says. */
const preload = `"use strict";
const off = Number(require("node:fs").readFileSync(process.env.TEST_CLOCK, "utf8"));
const Real = Date;
globalThis.Date = class Date extends Real {
  constructor(...args) {
    if (args.length > 0) super(...args);
    else super(Real.now() + off);
  }
  static now() {
    return Real.now() + off;
  }
};
`;

/** A clock of the plugin's own, which a test moves; a scene takes its `env`. */
export interface MovedClock {
  readonly env: NodeJS.ProcessEnv;
  /** every process that starts from now on is so far ahead (`73h`), or behind (`-2d`) */
  move(by: string): void;
  remove(): void;
}

/** Opens such a clock; remove it whatever happens. */
export function movedClock(): MovedClock {
  const folder = emptyFolder();
  const [script, file] = ["clock.js", "offset"].map((name) =>
    join(folder.path, name),
  );
  const move = (by: string): void => {
    const sign = by.startsWith("-") ? -1 : 1;
    writeFileSync(file ?? "", `${sign * durationMs(by.replace("-", ""))}`);
  };
  writeFileSync(script ?? "", preload);
  move("0s");
  const { NODE_OPTIONS = "" } = process.env;
  return {
    env: {
      NODE_OPTIONS: `${NODE_OPTIONS} --require ${script}`,
      TEST_CLOCK: file,
    },
    move,
    remove: () => folder.remove(),
  };
}
