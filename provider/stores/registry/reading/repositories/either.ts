import { MirrorError } from "../../../../mirror/errors";
import type { Pages } from "./way";

/** The pages of the first of two lists, or, where the API does not know it at all, of the other one. */
export async function* either(first: Pages, other: Pages): Pages {
  let isFirst = true;
  try {
    for await (const page of first) {
      isFirst = false;
      yield page;
    }
    return;
  } catch (error) {
    const isUnknown =
      error instanceof MirrorError && error.code === "UNSUPPORTED";
    if (!isFirst || !isUnknown) throw error;
  }
  yield* other;
}
