import { textOf } from "../../../mirror/textOf";

/** Runs a reader whose errors begin behind the name of what it reads. */
export function within<Result>(place: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new Error(`${place} ${textOf(cause)}`, { cause });
  }
}
