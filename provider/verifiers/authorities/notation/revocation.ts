import type { Reach } from "../../../mirror/ports";
import { Refusal } from "../../refusal";
import type { Certificate } from "../x509/certificate";
import { extensionOids } from "../x509/extensions";

/** How revocation is asked for. */
export interface RevocationQuery {
  readonly reach: Reach;
  readonly offline: boolean;
  /** lists that the policy gives, DER */
  readonly crls: readonly Buffer[];
  /** when a signing authority says that it was signed: what was revoked later still counted then */
  readonly signingTime?: Date;
}

/** Refuses a chain of which a certificate was revoked, or may have been. Throws `REVOKED` or `REVOCATION_UNKNOWN`. */
export async function requireUnrevoked(
  chain: readonly Certificate[],
  query: RevocationQuery,
): Promise<void> {
  query.reach.signal.throwIfAborted();
  const asked = chain.some(
    ({ extensions }) =>
      extensions.has(extensionOids.authorityInformation) ||
      extensions.has(extensionOids.crlDistributionPoints),
  );
  if (asked) throw new Refusal("REVOCATION_UNKNOWN", "nobody was asked");
}
