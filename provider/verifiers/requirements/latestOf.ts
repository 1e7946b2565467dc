import type { Authenticated } from "../../mirror/ports";
import { provenTime } from "./age";

/** What is the latest by proven time, all of them where several are; what has no proven time is not. */
export function latestOf(pieces: readonly Authenticated[]): {
  readonly latest: readonly Authenticated[];
  readonly unproven: readonly Authenticated[];
} {
  const dated = pieces.flatMap((piece) => {
    const time = provenTime(piece)?.getTime();
    return time === undefined ? [] : [{ piece, time }];
  });
  const last = dated
    .map(({ time }) => time)
    .reduce((one, other) => Math.max(one, other), -Infinity);
  return {
    latest: dated.filter(({ time }) => time === last).map(({ piece }) => piece),
    unproven: pieces.filter((piece) => provenTime(piece) === undefined),
  };
}
