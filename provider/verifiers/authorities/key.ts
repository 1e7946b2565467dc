import { z } from "zod";
import { material } from "../material/material";
import type { AuthorityKind } from "./kind";
import { canonicalLog, logSettings } from "./logSettings";
import { keyIdOf, readPublicKey } from "./publicKey";

const schema = z
  .strictObject({
    publicKey: material(readPublicKey).describe(
      "The public key in PEM: ECDSA P-256, P-384 or P-521, RSA (PKCS #1 v1.5 or PSS), or Ed25519.",
    ),
    ...logSettings,
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
    return examineRoots(settings, needsOf(settings));
  },
  canonical: (settings) => ({
    keyId: keyIdOf(readPublicKey(settings.publicKey)),
    ...canonicalLog(settings),
  }),
  async prepare(settings, place) {
    const { sigstoreAuthority } = await import("./sigstore/authority.ts");
    const publicKey = readPublicKey(settings.publicKey);
    return sigstoreAuthority({
      ...place,
      settings,
      signer: { kind: "key", key: publicKey, keyId: keyIdOf(publicKey) },
      needs: needsOf(settings),
    });
  },
};

function needsOf(settings: KeySettings): readonly "logs"[] {
  return settings.tlog === "not-required" ? [] : ["logs"];
}
