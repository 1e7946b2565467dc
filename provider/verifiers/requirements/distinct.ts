import type { Authenticated, Signer } from "../../mirror/ports";

/** How many authorities have vouched, each by a signer of its own: one signer does not stand for two authorities that both know it. */
export function distinctAuthorities(
  authenticated: readonly Authenticated[],
): number {
  const persons = personsOf(authenticated.map(({ signer }) => signer));
  const signers = new Map<string, Set<string>>();
  for (const { authority, signer } of authenticated) {
    const known = signers.get(authority) ?? new Set();
    const [name = ""] = namesOf(signer);
    signers.set(authority, known.add(persons(name)));
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

/** Tells by any of a signer's names who it is: whoever shares a key, an identity or a subject is one person, be it with two certificates. */
function personsOf(signers: readonly Signer[]): (name: string) => string {
  const aliases = new Map<string, string>();
  const personOf = (name: string): string => {
    let person = name;
    for (let next = aliases.get(name); next; next = aliases.get(next)) {
      person = next;
    }
    return person;
  };
  for (const signer of signers) {
    const [first = "", ...others] = namesOf(signer).map(personOf);
    for (const other of others) {
      if (other !== first) aliases.set(other, first);
    }
  }
  return personOf;
}

function namesOf({ keyId, issuer, identity, subject }: Signer): string[] {
  return [
    ...(keyId === undefined ? [] : [`key ${keyId}`]),
    ...(identity === undefined ? [] : [JSON.stringify([issuer, identity])]),
    ...(subject ? [`subject ${subject}`] : []),
  ];
}
