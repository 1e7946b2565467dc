import { z } from "zod";
import { material } from "../material/material";
import { refuse } from "../refuse";
import { endWarnings, rootWarnings } from "./endWarnings";
import type { AuthorityKind } from "./kind";
import { canonicalLog, logSettings } from "./sigstore/logSettings";
import { keyIdOf, readPublicKey } from "./publicKey";

const moment = z.iso.datetime({
  offset: true,
  error: "must be a time like 2026-01-31T00:00:00Z",
});

const schema = z
  .strictObject({
    publicKey: material(readPublicKey).describe(
      "The public key: ECDSA P-256, P-384 or P-521, RSA (PKCS #1 v1.5 or PSS), or Ed25519; in PEM, or as the base64 of its DER, as AWS KMS gives it.",
    ),
    validFrom: moment
      .optional()
      .describe(
        "From when on the key counts (RFC 3339), held against the proven time of the signature, or against now where none is proven.",
      ),
    validUntil: moment
      .optional()
      .describe("Until when the key counts, likewise."),
    ...logSettings,
  })
  .superRefine(({ validFrom, validUntil }, refinement) => {
    if (!validFrom || !validUntil) return;
    if (Date.parse(validFrom) < Date.parse(validUntil)) return;
    refuse(refinement, {
      path: ["validUntil"],
      message: "must be later than validFrom",
    });
  })
  .meta({
    id: "KeyAuthority",
    description: "A signer known by a public key.",
  });

type KeySettings = z.infer<typeof schema>;

/** Vouches for what was signed with one given key. */
export const key: AuthorityKind<KeySettings> = {
  description: "Signed with this public key.",
  schema,
  async examine(settings) {
    const { examineRoots } = await import("./sigstore/trust.ts");
    return examineRoots(settings, "key");
  },
  canonical: (settings) => ({
    keyId: keyIdOf(readPublicKey(settings.publicKey)),
    validFrom: settings.validFrom,
    validUntil: settings.validUntil,
    ...canonicalLog(settings),
  }),
  warnings: (settings, now) => [
    ...endWarnings(
      [
        {
          what: "the key",
          end: settings.validUntil,
          path: ["validUntil"],
        },
      ],
      now,
    ),
    ...rootWarnings(settings, now),
  ],
  async prepare(settings, place) {
    const { sigstoreAuthority } = await import("./sigstore/authority.ts");
    const publicKey = readPublicKey(settings.publicKey);
    return sigstoreAuthority({
      ...place,
      settings,
      signer: {
        kind: "key",
        key: publicKey,
        keyId: keyIdOf(publicKey),
        time: keyTimeOf(settings),
      },
    });
  },
};

function keyTimeOf({ validFrom, validUntil }: KeySettings) {
  return {
    ...(validFrom !== undefined && { from: new Date(validFrom) }),
    ...(validUntil !== undefined && { until: new Date(validUntil) }),
  };
}
