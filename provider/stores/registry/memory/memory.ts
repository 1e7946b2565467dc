import { Brought } from "./brought";
import { Holdings } from "./holdings";
import { Questions } from "./questions";
import { Remembered } from "./remembered";
import { Turns } from "./turns";

/** What all repositories of a process share, for as long as it lives. */
export interface Memory {
  readonly holdings: Holdings;
  readonly remembered: Remembered;
  readonly questions: Questions;
  readonly brought: Brought;
  readonly turns: Turns;
}

/** One that knows nothing yet. */
export function newMemory(): Memory {
  return {
    holdings: new Holdings(),
    remembered: new Remembered(),
    questions: new Questions(),
    brought: new Brought(),
    turns: new Turns(),
  };
}
