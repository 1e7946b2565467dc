import { createHash } from "node:crypto";

/** Secrets that were planted, and the origins where each may be seen. */
export class Canaries {
  private readonly homes = new Map<string, Set<string>>();

  /** A secret that these origins may see, and nobody else. */
  plant(secret: string, ...origins: readonly string[]): void {
    const known = this.homes.get(secret) ?? new Set<string>();
    for (const origin of origins) known.add(origin);
    this.homes.set(secret, known);
  }

  /** The secrets in a text, as short hashes, that this origin should not have seen. */
  strayedTo(origin: string, text: string): readonly string[] {
    return this.found(text)
      .filter((secret) => !this.homes.get(secret)?.has(origin))
      .map(hashOf);
  }

  /** Whether a text that users may see holds a secret. */
  isIn(text: string): boolean {
    return this.found(text).length > 0;
  }

  private found(text: string): readonly string[] {
    const seen = `${text}\n${decoded(text)}`;
    return [...this.homes.keys()].filter((secret) => seen.includes(secret));
  }
}

/** What a journal keeps of a secret. */
export function hashOf(secret: string): string {
  const hash = createHash("sha256").update(secret).digest("hex");
  return `sha256:${hash.slice(0, 12)}`;
}

/** Whatever looks like base64, read as such: Basic hides nothing. */
function decoded(text: string): string {
  const words = text.match(/[A-Za-z0-9+/_-]{8,}={0,2}/g) ?? [];
  return words.map((word) => Buffer.from(word, "base64").toString()).join("\n");
}
