import type { Reach } from "../../../mirror/ports";
import { Refusal } from "../../refusal";
import { checkRevocation } from "../../revocation/check";
import type { RevocationList } from "../../revocation/revocationList";
import type { Certificate } from "../../x509/certificate";

/** How revocation is asked for. */
export interface RevocationTerms {
  readonly reach: Reach;
  readonly offline: boolean;
  /** lists that the policy gives */
  readonly lists: readonly RevocationList[];
  /** when a signing authority says that it was signed: what was revoked later still counted then */
  readonly signedAt?: Date;
}

/** Refuses a chain, proven to lead to a trusted root, of which a certificate was revoked, or may have been. Throws `REVOKED` or `REVOCATION_UNKNOWN`. */
export async function requireUnrevoked(
  chain: readonly Certificate[],
  query: RevocationTerms,
): Promise<void> {
  const found = await checkRevocation({ ...query, chain });
  if (found.outcome === "good") return;
  throw new Refusal(
    found.outcome === "revoked" ? "REVOKED" : "REVOCATION_UNKNOWN",
    found.reason,
  );
}
