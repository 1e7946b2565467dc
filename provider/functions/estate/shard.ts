import { hash } from "node:crypto";

/** Which part of an estate is meant: part `index`, from 0, of `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** The shard of a name, by rendezvous: each shard draws a number for the name, and the highest has it. When a shard is added, it takes its part from all others, and nothing else moves. */
export function shardOf(name: string, count: number): number {
  let [best, highest] = [0, ""];
  for (let index = 0; index < count; index += 1) {
    const drawn = hash("sha256", `${index}\n${name}`);
    if (drawn > highest) [best, highest] = [index, drawn];
  }
  return best;
}
