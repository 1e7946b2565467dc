import type { EnvelopeWish } from "../../samples/notationEnvelope";
import {
  extensions,
  type CertificateWish,
  type Issued,
  type Issuer,
} from "../../samples/pki";
import { ocspResponse, type Answering } from "../../samples/revocation";
import { stamp, timestamper } from "../../samples/timestampAuthority";
import { ago, day, hour, type NotationEvidence } from "./notationEvidence";
import type { NotationTrust, TimestampPair } from "./notationTrust";

const byAuthority = { scheme: "notary.x509.signingAuthority" } as const;
const expired: CertificateWish = { validity: [ago(20 * day), ago(10 * day)] };

/** With a token of the timestamp authority, by default a good one. */
const stamped =
  (
    how: {
      readonly at?: Date;
      readonly by?: (trust: NotationTrust) => TimestampPair;
      readonly over?: Buffer;
    } = {},
  ) =>
  (trust: NotationTrust): EnvelopeWish => ({
    signedAt: how.at ?? ago(60_000),
    stamp: (signature) => {
      const authority = how.by?.(trust) ?? trust.tsa;
      return stamp(authority.leaf, how.over ?? signature, {
        time: how.at ?? ago(30_000),
        others: [authority.root],
      });
    },
  });

/** What is wrong with times, or is not; the first is good in every way. */
export const notationTimes: readonly NotationEvidence[] = [
  { name: "plain" },
  { name: "by a signing authority", wish: byAuthority },
  { name: "expires later", wish: { expiry: new Date(Date.now() + day) } },
  {
    name: "has expired",
    wish: { signedAt: ago(3 * hour), expiry: ago(hour) },
  },
  {
    name: "expires before it was signed",
    wish: { signedAt: ago(hour), expiry: ago(2 * hour) },
  },
  { name: "signed in the future", wish: { signedAt: ago(-day) } },
  {
    name: "without a signing time",
    wish: { without: ["io.cncf.notary.signingTime"] },
  },
  {
    name: "certificate has expired",
    leaf: expired,
    wish: { signedAt: ago(15 * day) },
  },
  {
    name: "certificate begins tomorrow",
    leaf: { validity: [ago(-day), ago(-9 * day)] },
  },
  { name: "stamped", wish: stamped() },
  {
    name: "stamped, certificate has expired",
    leaf: expired,
    wish: stamped({ at: ago(15 * day) }),
  },
  {
    name: "stamped after the certificate's end",
    leaf: expired,
    wish: stamped({ at: ago(5 * day) }),
  },
  {
    name: "stamped by somebody else",
    wish: stamped({ by: ({ otherTsa }) => otherTsa }),
  },
  {
    name: "stamped over something else",
    wish: stamped({ over: Buffer.from("else") }),
  },
  {
    name: "stamp is no token",
    wish: { stamp: () => Buffer.from("3003020101", "hex") },
  },
  {
    name: "authority signed within an expired certificate",
    leaf: expired,
    wish: { ...byAuthority, signedAt: ago(15 * day) },
  },
  {
    name: "authority signed after its certificate's end",
    leaf: expired,
    wish: { ...byAuthority, signedAt: ago(day) },
  },
  {
    name: "stamped by an authority that is good",
    wish: stamped({
      by: checked((leaf, root) => ocspResponse(leaf, root)),
    }),
  },
  {
    name: "stamped by an authority that is revoked",
    wish: stamped({
      by: checked((leaf, root) =>
        ocspResponse(leaf, root, { status: "revoked" }),
      ),
    }),
  },
  {
    name: "stamped by an authority that is not answered for",
    wish: stamped({ by: checked(() => 500) }),
  },
];

let served = 0;

/** A timestamp authority whose certificate names a responder, and what that says. */
function checked(answer: (leaf: Issued, root: Issuer) => Answering) {
  return ({ tsa: { root }, server }: NotationTrust): TimestampPair => {
    served += 1;
    const path = `/tsa/${served}/`;
    const leaf = timestamper(root, {
      more: [extensions.ocsp(server.answers(path, 404))],
    });
    server.answers(path, answer(leaf, root));
    return { root, leaf };
  };
}
