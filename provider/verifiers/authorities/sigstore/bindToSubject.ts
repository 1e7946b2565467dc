import type { Statement } from "../../../mirror/ports";
import type { Digest } from "../../../oci/digest";
import { isSignatureType } from "../../formats/claim";
import type { Content } from "../../formats/material";
import { readSimpleSigning, requireDigest } from "../../formats/simpleSigning";
import { bindStatement, readStatement } from "../../formats/statement";
import { Refusal } from "../../refusal";

/** What the evidence must be about. */
export interface Bound {
  readonly subject: Digest;
  readonly exactReference: boolean;
  readonly repository?: string | undefined;
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
    return undefined;
  }
  const statement = bindStatement(
    readStatement(content.envelope),
    bound.subject,
  );
  return isSignatureType(statement.predicateType) ? undefined : statement;
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
