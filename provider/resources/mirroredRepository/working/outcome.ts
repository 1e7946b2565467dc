import type { Digest } from "../../../oci/digest";
import type { MirrorError } from "../../../mirror/errors";
import type { Plan } from "../../../mirror/plan";
import type { Verdict } from "../../../mirror/ports";
import type { Admitted } from "../../../mirror/verify";
import type { Candidate } from "../../mirroring/age/candidateOutput";
import { signersText } from "../../mirroring/words";
import type { TagRefusal, TagVerdict } from "../outputs";

/** What became of one tag. */
export type Outcome =
  /** nothing had to be done or asked */
  | { readonly kind: "settled" }
  | Arrival
  | {
      readonly kind: "refused";
      readonly refusal: TagRefusal;
      readonly against: readonly Verdict[];
    }
  /** its tag names something else at the destination, and is left alone */
  | { readonly kind: "occupied"; readonly there: string | undefined }
  /** too young */
  | {
      readonly kind: "waiting";
      readonly candidate: Candidate;
      readonly until: Date;
    }
  /** could not be asked, judged or copied: nothing says that it is bad */
  | {
      readonly kind: "failed";
      readonly digest: string | undefined;
      readonly error: MirrorError;
    };

/** A tag that was let in: copied, or to be copied. */
export interface Arrival {
  readonly kind: "admitted";
  readonly verdict: TagVerdict;
  /** what the tag named at the destination before */
  readonly was: string | undefined;
  readonly signers: string;
  /** what requirements that only warn had to say */
  readonly warnings: readonly string[];
  readonly parts: Parts;
}

/** What of a tag there is to copy; tags share many a blob. */
export interface Parts {
  readonly blobs: ReadonlyMap<Digest, number>;
  readonly manifests: readonly Digest[];
  readonly evidence: readonly Digest[];
}

/** What a plan wants copied, without what it holds in memory. */
export function partsOf(planned: Plan): Parts {
  const blobs = [...planned.blobs, ...planned.evidenceBlobs];
  return {
    blobs: new Map(blobs.map(({ blob }) => [blob.digest, blob.size])),
    manifests: planned.manifests.map(({ descriptor }) => descriptor.digest),
    evidence: planned.evidence.map(({ descriptor }) => descriptor.digest),
  };
}

/** What was let in, in the few words that are kept until all is done. */
export function arrivalOf(
  admitted: Admitted,
  arrived: Pick<Arrival, "verdict" | "was" | "parts" | "warnings">,
): Arrival {
  return { kind: "admitted", signers: signersText(admitted), ...arrived };
}
