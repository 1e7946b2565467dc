import type { Descriptor } from "../../oci/descriptor";
import {
  asObject,
  integer,
  refuseMiscased,
  requiredString,
} from "../../oci/json";
import { Refusal } from "../refusal";
import { readEnvelopeJson } from "./envelopeJson";

const members = ["mediaType", "digest", "size"];

/** Refuses a signed payload that is about something else than the subject: media type, digest and size must all be its own (T30). Throws `SUBJECT_MISMATCH`, or `MalformedError`. */
export function requireTarget(payload: Uint8Array, subject: Descriptor): void {
  const document = asObject(
    readEnvelopeJson(payload, { integersOnly: true }),
    "the payload",
  );
  refuseMiscased(document, ["targetArtifact"], "the payload");
  const at = "targetArtifact";
  const target = asObject(document[at], at);
  refuseMiscased(target, members, at);
  const said = {
    mediaType: requiredString(target, "mediaType", at),
    digest: requiredString(target, "digest", at),
    size: integer(target["size"], `${at}.size`),
  };
  for (const part of ["digest", "mediaType", "size"] as const) {
    if (said[part] === subject[part]) continue;
    throw new Refusal(
      "SUBJECT_MISMATCH",
      `it signs an artifact of ${part} ${said[part]}, this one has ${subject[part]}`,
    );
  }
}
