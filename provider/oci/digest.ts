import { createHash } from "node:crypto";
import { MalformedError } from "./malformed";

declare const digest: unique symbol;

/** A checked digest: `sha256:` and 64, or `sha512:` and 128, lower-case hex digits (W03). */
export type Digest = string & { readonly [digest]: true };

/** The two hash algorithms that a digest may name. */
export type Algorithm = "sha256" | "sha512";

const grammar = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

/** Whether the text is a digest. */
export function isDigest(text: string): text is Digest {
  return grammar.test(text);
}

/** The text as a digest; throws `MalformedError` with rule `digest`. */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new MalformedError(
    "digest",
    `${JSON.stringify(text.slice(0, 160))} is not a digest: "sha256:" and 64, or "sha512:" and 128, lower-case hex digits are expected`,
  );
}

/** The algorithm that the digest names. */
export function algorithmOf(of: Digest): Algorithm {
  return of.startsWith("sha512:") ? "sha512" : "sha256";
}

/** The hex digits of the digest. */
export function hexOf(of: Digest): string {
  return of.slice(algorithmOf(of).length + 1);
}

/** A running hash. */
export interface Hasher {
  update(chunk: Uint8Array): void;
  /** The digest of all chunks; ends the hash, so ask once. */
  digest(): Digest;
}

/** Begins a running hash. */
export function hasher(algorithm: Algorithm): Hasher {
  const hash = createHash(algorithm);
  return {
    update(chunk) {
      hash.update(chunk);
    },
    digest: () => `${algorithm}:${hash.digest("hex")}` as Digest,
  };
}

/** The digest of the bytes. */
export function digestOf(
  bytes: Uint8Array,
  algorithm: Algorithm = "sha256",
): Digest {
  const hash = hasher(algorithm);
  hash.update(bytes);
  return hash.digest();
}

/** The referrers fallback tag of a subject: algorithm, `-`, the first 64 hex digits (W107). */
export function referrersTag(subject: Digest): string {
  return `${algorithmOf(subject)}-${hexOf(subject).slice(0, 64)}`;
}

/** The tag under which cosign keeps what it says about a subject: `sha256-<hex>.sig`. */
export function cosignTag(
  subject: Digest,
  suffix: "sig" | "att" | "sbom",
): string {
  return `${algorithmOf(subject)}-${hexOf(subject)}.${suffix}`;
}
