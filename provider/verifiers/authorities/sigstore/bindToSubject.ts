import type { Statement } from "../../../mirror/ports";
import type { Digest } from "../../../oci/digest";
import { isSignatureType } from "../../formats/claim";
import type { Content } from "../../formats/signatureMaterial";
import { readSimpleSigning, requireDigest } from "../../formats/simpleSigning";
import {
  annotationsOf,
  bindStatement,
  readStatement,
} from "../../formats/statement";
import { Refusal } from "../../refusal";
import { requireAnnotations, type WantedAnnotations } from "./annotations";

/** What the evidence must be about. */
export interface Bound {
  readonly subject: Digest;
  readonly exactReference: boolean;
  readonly repository?: string | undefined;
  readonly annotations?: WantedAnnotations | undefined;
}

/** Refuses content about anything but the subject. Answers the statement of an attestation, undefined for a plain signature. */
export function bindToSubject(
  content: Content,
  bound: Bound,
): Statement | undefined {
  if (content.kind === "payload") {
    const payload = readSimpleSigning(content.payload);
    requireDigest(payload, bound.subject);
    if (bound.exactReference) {
      requireReference(payload.dockerReference, bound.repository);
    }
    requireAnnotations(payload.annotations, bound.annotations);
    return undefined;
  }
  const statement = bindStatement(
    readStatement(content.envelope),
    bound.subject,
  );
  if (!isSignatureType(statement.predicateType)) return statement;
  if (bound.annotations) {
    requireAnnotations(
      annotationsOf(statement, bound.subject),
      bound.annotations,
    );
  }
  return undefined;
}

function requireReference(
  claimed: string | undefined,
  repository: string | undefined,
): void {
  // Docker Hub's own name in cosign's payloads
  const name = claimed?.replace(/^index\.docker\.io\//, "docker.io/");
  if (name !== undefined && name === repository) return;
  throw new Refusal(
    "REFERENCE_MISMATCH",
    `it was signed for ${JSON.stringify(claimed ?? "")}, not for ${repository ?? "this repository"}`,
  );
}
