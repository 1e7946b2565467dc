import type { Authenticated, Signer } from "../../mirror/ports";

/** How many authorities have vouched, each by a signer of its own: one signer does not stand for two authorities that both know it. */
export function distinctAuthorities(
  authenticated: readonly Authenticated[],
): number {
  const signers = new Map<string, Set<string>>();
  for (const { authority, signer } of authenticated) {
    const known = signers.get(authority) ?? new Set();
    signers.set(authority, known.add(nameOf(signer)));
  }
  const taken = new Map<string, string>();
  const authorities = [...signers.keys()];
  return authorities.filter((authority) =>
    assign(authority, { signers, taken, tried: new Set() }),
  ).length;
}

interface Matching {
  readonly signers: ReadonlyMap<string, ReadonlySet<string>>;
  /** which authority a signer stands for so far */
  readonly taken: Map<string, string>;
  readonly tried: Set<string>;
}

/** Gives the authority a signer, moving others aside where they have another one (an augmenting path). */
function assign(authority: string, matching: Matching): boolean {
  const { signers, taken, tried } = matching;
  for (const signer of signers.get(authority) ?? []) {
    if (tried.has(signer)) continue;
    tried.add(signer);
    const holder = taken.get(signer);
    if (holder === undefined || assign(holder, matching)) {
      taken.set(signer, authority);
      return true;
    }
  }
  return false;
}

function nameOf({ keyId, issuer, identity }: Signer): string {
  return keyId ?? JSON.stringify([issuer, identity]);
}
