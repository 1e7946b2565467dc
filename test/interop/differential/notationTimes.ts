import type { EnvelopeWish } from "../../samples/notationEnvelope";
import type { CertificateWish } from "../../samples/pki";
import { stamp } from "../../samples/timestampAuthority";
import { ago, day, hour, type NotationEvidence } from "./notationEvidence";
import type { NotationTrust } from "./notationTrust";

const byAuthority = { scheme: "notary.x509.signingAuthority" } as const;
const expired: CertificateWish = { validity: [ago(20 * day), ago(10 * day)] };

/** With a token of the timestamp authority, by default a good one. */
const stamped =
  (
    how: {
      readonly at?: Date;
      readonly by?: "other";
      readonly over?: Buffer;
    } = {},
  ) =>
  ({ tsa, otherTsa }: NotationTrust): EnvelopeWish => ({
    signedAt: how.at ?? ago(60_000),
    stamp: (signature) => {
      const authority = how.by ? otherTsa : tsa;
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
  { name: "stamped by somebody else", wish: stamped({ by: "other" }) },
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
];
