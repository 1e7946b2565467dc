import { keySigner, type KeySigner, type Signer } from "../../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";

/** The signers of one run, and what they ask. */
export interface CosignTrust {
  readonly world: SigstoreWorld;
  /** one that nobody here trusts */
  readonly otherWorld: SigstoreWorld;
  readonly key: KeySigner;
  readonly otherKey: KeySigner;
  /** signs with an identity of the world */
  readonly identity: Signer;
  readonly otherIdentity: Signer;
  /** the right identity, with another issuer in the certificate's old extension */
  readonly twoIssuers: Signer;
  /** the right identity, certified by the other world */
  readonly foreign: Signer;
}

/** Whose identity the good certificates carry. */
export const acme = {
  issuer: "https://token.actions.example",
  identity:
    "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main",
};

const extensions = {
  2: "push",
  4: "Release",
  5: "acme/app",
  6: "refs/heads/main",
};

/** Fresh worlds and keys. */
export async function cosignTrust(): Promise<CosignTrust> {
  const world = await createSigstoreWorld();
  const otherWorld = await createSigstoreWorld();
  const identity = `${acme.identity}-evil`;
  return {
    world,
    otherWorld,
    key: keySigner(),
    otherKey: keySigner(),
    identity: await world.keyless({ ...acme, extensions }),
    otherIdentity: await world.keyless({ ...acme, identity, extensions }),
    twoIssuers: await world.keyless({
      ...acme,
      oldIssuer: "https://issuer.example",
    }),
    foreign: await otherWorld.keyless({ ...acme, extensions }),
  };
}
