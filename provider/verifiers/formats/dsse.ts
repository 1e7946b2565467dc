import {
  asArray,
  asObject,
  optionalString,
  refuseMiscased,
  requiredString,
  type Json,
} from "../../oci/json";
import { Refusal } from "../refusal";
import { decodeBase64 } from "./base64";
import { readEnvelopeJson } from "./envelopeJson";

/** The media type of a bare DSSE envelope as a layer (`verification.md` §2.1 b). */
export const dsseType = "application/vnd.dsse.envelope.v1+json";

/** One signed envelope: who signed is not said by it. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/** Reads an envelope that is a document of its own. */
export function readEnvelope(bytes: Uint8Array): Envelope {
  return parseEnvelope(readEnvelopeJson(bytes), "the envelope");
}

/** Reads an envelope inside a document. Exactly one signature, a payload type in printable ASCII (T20). */
export function parseEnvelope(value: Json | undefined, at: string): Envelope {
  const envelope = asObject(value, at);
  refuseMiscased(envelope, ["payload", "payloadType", "signatures"], at);
  const signatures = asArray(envelope["signatures"], `${at}.signatures`);
  if (signatures.length !== 1) {
    throw new Refusal(
      "MALFORMED",
      `${at} has ${signatures.length} signatures, not one`,
    );
  }
  const signature = asObject(signatures[0], `${at}.signatures[0]`);
  refuseMiscased(signature, ["sig", "keyid"], `${at}.signatures[0]`);
  optionalString(signature, "keyid", `${at}.signatures[0]`);
  return {
    payloadType: printableType(requiredString(envelope, "payloadType", at), at),
    payload: decodeBase64(
      requiredString(envelope, "payload", at),
      `${at}.payload`,
    ),
    signature: decodeBase64(
      requiredString(signature, "sig", `${at}.signatures[0]`),
      `${at}.signatures[0].sig`,
    ),
  };
}

function printableType(type: string, at: string): string {
  if (/^[\x21-\x7e]+$/.test(type)) return type;
  throw new Refusal("MALFORMED", `${at}.payloadType is not printable ASCII`);
}

/** The bytes that are signed: DSSE's pre-authentication encoding. */
export function preAuthEncoding(envelope: Envelope): Buffer {
  const type = Buffer.from(envelope.payloadType, "utf8");
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${envelope.payload.length} `),
    envelope.payload,
  ]);
}
