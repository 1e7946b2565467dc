import type { TrustedRootDocument } from "../../trust/trustedRoot";
import { readCertificate, type Certificate } from "../../x509/certificate";

/** A timestamp authority of a root. */
export interface Stamper {
  /** whose certificate must have signed the timestamp */
  readonly leaf: Certificate;
  readonly others: readonly Certificate[];
  readonly root: Certificate;
  readonly start: Date;
  readonly end: Date | undefined;
}

/** The timestamp authorities of a root. Throws when a certificate cannot be read. */
export function stampersOf(document: TrustedRootDocument): readonly Stamper[] {
  return document.timestampAuthorities.flatMap(({ certChain, validFor }) => {
    const chain = certChain.certificates.map(({ rawBytes }) =>
      readCertificate(Buffer.from(rawBytes, "base64")),
    );
    const [leaf] = chain;
    const root = chain.at(-1);
    if (!leaf || !root) return [];
    const { start, end } = validFor;
    return [
      {
        leaf,
        others: chain.slice(0, -1),
        root,
        start: new Date(start),
        end: end === undefined ? undefined : new Date(end),
      },
    ];
  });
}
