import type { Digest } from "../../oci/digest";
import {
  asObject,
  optional,
  optionalString,
  refuseMiscased,
  requiredString,
  type JsonObject,
} from "../../oci/json";
import { Refusal } from "../refusal";
import { readEnvelopeJson } from "./envelopeJson";

/** The media type of cosign's legacy payload (`verification.md` §2.1 a, e). */
export const simpleSigningType =
  "application/vnd.dev.cosign.simplesigning.v1+json";

const payloadType = "cosign container image signature";

/** What a legacy payload claims. */
export interface SimpleSigning {
  readonly digest: string;
  /** claimed, and nothing but: content moves between repositories */
  readonly dockerReference?: string | undefined;
  /** `optional`: what the signer said besides */
  readonly annotations: JsonObject;
}

/** Reads a legacy payload. Throws `MalformedError`, or `MALFORMED` where its type is another one (T23). */
export function readSimpleSigning(bytes: Uint8Array): SimpleSigning {
  const at = "the payload";
  const root = asObject(readEnvelopeJson(bytes), at);
  refuseMiscased(root, ["critical", "optional"], at);
  const critical = asObject(root["critical"], "critical");
  refuseMiscased(critical, ["identity", "image", "type"], "critical");
  const type = requiredString(critical, "type", "critical");
  if (type !== payloadType) {
    throw new Refusal("MALFORMED", `critical.type is not "${payloadType}"`);
  }
  const image = asObject(critical["image"], "critical.image");
  refuseMiscased(image, ["docker-manifest-digest"], "critical.image");
  return {
    digest: requiredString(image, "docker-manifest-digest", "critical.image"),
    dockerReference: dockerReferenceOf(critical),
    annotations: asObject(root["optional"] ?? {}, "optional"),
  };
}

function dockerReferenceOf(critical: JsonObject): string | undefined {
  const at = "critical.identity";
  if (optional(critical, "identity") === undefined) return undefined;
  const identity = asObject(critical["identity"], at);
  refuseMiscased(identity, ["docker-reference"], at);
  return optionalString(identity, "docker-reference", at);
}

/** Refuses a payload about another artifact. */
export function requireDigest(payload: SimpleSigning, subject: Digest): void {
  if (payload.digest === subject) return;
  throw new Refusal(
    "SUBJECT_MISMATCH",
    `it signs ${JSON.stringify(payload.digest)}, not ${subject}`,
  );
}
