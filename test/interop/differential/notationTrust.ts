import { createRoot, type Issued, type Issuer } from "../../samples/pki";
import { timestamper } from "../../samples/timestampAuthority";
import type { AuthorityServer } from "../authorityServer";

/** The authorities of one run. */
export interface NotationTrust {
  readonly root: Issuer;
  readonly intermediate: Issuer;
  readonly otherRoot: Issuer;
  readonly tsa: TimestampPair;
  readonly otherTsa: TimestampPair;
  readonly server: AuthorityServer;
}

/** A timestamp authority and its root. */
export interface TimestampPair {
  readonly root: Issuer;
  readonly leaf: Issued;
}

const day = 24 * 60 * 60 * 1000;

/** Fresh authorities, valid for long before and after now. */
export function notationTrust(server: AuthorityServer): NotationTrust {
  const validity: readonly [Date, Date] = [
    new Date(Date.now() - 90 * day),
    new Date(Date.now() + 90 * day),
  ];
  const timestamps = (name: string): TimestampPair => {
    const root = createRoot({ name, validity });
    return { root, leaf: timestamper(root, { validity }) };
  };
  const root = createRoot({ name: "acme root", validity });
  return {
    server,
    root,
    intermediate: root.authority({ validity }),
    otherRoot: createRoot({ name: "acme root", validity }),
    tsa: timestamps("tsa root"),
    otherTsa: timestamps("tsa root"),
  };
}
