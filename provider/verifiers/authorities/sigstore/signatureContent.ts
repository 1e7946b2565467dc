import { createHash, timingSafeEqual, type KeyObject } from "node:crypto";
import type { SignedEntity } from "@sigstore/verify";
import { preAuthEncoding } from "../../formats/dsse";
import type { Content } from "../../formats/signatureMaterial";
import { verifySignature } from "./verifySignature";

/** The library's view of signed content, with the algorithms and digests that it leaves out (§1.5 gap 15). */
export function signatureContent(content: Content): SignedEntity["signature"] {
  const { message, payload, signature, stamped } = partsOf(content);
  const verdicts = new Map<KeyObject, boolean>();
  return {
    signature: stamped,
    compareSignature: (other) => equal(other, signature),
    compareDigest: (digest) => equal(digest, hashLike(digest, payload)),
    compareSignedDigest: (digest) => equal(digest, hashLike(digest, message)),
    verifySignature: (key) => {
      const known = verdicts.get(key);
      if (known !== undefined) return known;
      const verdict = verifySignature(key, { message, signature });
      verdicts.set(key, verdict);
      return verdict;
    },
  };
}

interface Parts {
  readonly message: Buffer;
  readonly payload: Buffer;
  readonly signature: Buffer;
  /** what a timestamp authority saw: the library reads it as `signature`, and only for that */
  readonly stamped: Buffer;
}

function partsOf(content: Content): Parts {
  if (content.kind === "payload") {
    const { payload, signature } = content;
    return { message: payload, payload, signature, stamped: signature };
  }
  const { payload, signature } = content.envelope;
  return {
    message: preAuthEncoding(content.envelope),
    payload,
    signature,
    stamped: content.bytes ?? signature, // §1.5 gap 22
  };
}

/** The bytes' hash of the length that the other side has. */
function hashLike(digest: Buffer, bytes: Buffer): Buffer {
  const name = { 32: "sha256", 48: "sha384", 64: "sha512" }[digest.length];
  return createHash(name ?? "sha256")
    .update(bytes)
    .digest();
}

function equal(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
