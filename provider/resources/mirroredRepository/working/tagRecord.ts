import { listingDigest } from "../../../mirror/listing";
import { shortDigest } from "../../../mirror/observe";
import type { Verdict } from "../../../mirror/ports";
import { printable } from "../../../mirror/printable";
import type { Admitted } from "../../../mirror/verify";
import type { Examined } from "../../mirroring/examine";
import { signersText } from "../../mirroring/words";
import type { Intent } from "../intent";
import type { TagRefusal, TagVerdict } from "../outputs";

const maxSigner = 120;
const maxReason = 200;

/** What state keeps of a yes. */
export function verdictOf(
  admitted: Admitted,
  at: { readonly now: Date; readonly listed?: string | undefined },
): TagVerdict {
  const { policy, verdicts, artifact } = admitted;
  const ends = verdicts.flatMap(({ satisfiedBy }) =>
    satisfiedBy.flatMap(({ validUntil }) => validUntil?.getTime() ?? []),
  );
  return {
    outcome: policy.unverified === undefined ? "verified" : "unverified",
    digest: artifact.root.descriptor.digest,
    verifiedAt: at.now.toISOString(),
    ...(ends.length > 0 && {
      validUntil: new Date(Math.min(...ends)).toISOString(),
    }),
    ...(policy.unverified === undefined && {
      signer: printable(
        signersText(admitted).replace("signed by ", ""),
        maxSigner,
      ),
    }),
    ...(at.listed !== undefined && { listed: at.listed }),
  };
}

/** What the source lists about an artifact, where that is watched. */
export function watchedListing(
  { evidence }: Pick<Intent, "evidence">,
  { discovered }: Pick<Examined, "discovered">,
): string | undefined {
  return evidence.watch === "none"
    ? undefined
    : shortDigest(listingDigest(discovered.listed));
}

/** What state keeps of a no. What is refused again as it was before keeps its date. */
export function refusalOf(
  refused: Pick<TagRefusal, "digest" | "code" | "reason" | "listed">,
  former: TagRefusal | undefined,
  now: Date,
): TagRefusal {
  const { digest, code, listed } = refused;
  const isSame = former?.digest === digest && former.code === code;
  return {
    digest,
    code,
    reason: printable(refused.reason, maxReason),
    refusedAt: isSame ? former.refusedAt : now.toISOString(),
    ...(listed !== undefined && { listed }),
  };
}

/** Why a tag was not let in, in one line. */
export function reasonOf(against: readonly Verdict[]): {
  readonly code: string;
  readonly reason: string;
} {
  const [first] = against;
  const reasons = against.map(
    ({ requirement, reason }) => `${requirement}: ${reason}`,
  );
  return { code: first?.code ?? "REFUSED", reason: reasons.join("; ") };
}
