import type { Descriptor } from "../oci/descriptor";
import type { Digest } from "../oci/digest";
import type { Node, Source } from "./ports";

/** One blob that the destination does not have, or that it was not asked for. */
export interface Copy {
  readonly blob: Descriptor;
  readonly from: Source;
  /** the destination said that it does not have it */
  readonly isAbsent?: boolean;
}

/** A tag that is to name another manifest than now. */
export interface TagMove {
  readonly tag: string;
  readonly node: Node;
  /** what the tag names now; absent for a new tag */
  readonly was?: Digest;
}
