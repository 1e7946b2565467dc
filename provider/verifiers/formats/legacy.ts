import {
  asObject,
  integer,
  readJson,
  requiredString,
  type JsonObject,
} from "../../oci/json";
import { Refusal } from "../refusal";
import { decodeBase64 } from "./base64";
import { readEnvelope } from "./dsse";
import type { LogEntry, SignatureMaterial } from "./signatureMaterial";

/** The annotations that cosign's code writes and reads (`verification.md` §2.1 a). */
const cosignAnnotations = {
  signature: "dev.cosignproject.cosign/signature",
  certificate: "dev.sigstore.cosign/certificate",
  chain: "dev.sigstore.cosign/chain",
  bundle: "dev.sigstore.cosign/bundle",
  timestamp: "dev.sigstore.cosign/rfc3161timestamp",
} as const;

type Annotations = Readonly<Record<string, string>>;

/** A legacy signature layer. */
export function readLegacySignature(
  bytes: Uint8Array,
  annotations: Annotations,
): SignatureMaterial {
  const signature = annotations[cosignAnnotations.signature];
  if (!signature) throw new Refusal("MALFORMED", "no signature annotation");
  return {
    format: "cosign-simplesigning",
    content: {
      kind: "payload",
      payload: Buffer.from(bytes),
      signature: decodeBase64(signature, "the signature annotation"),
    },
    ...annotated(annotations),
  };
}

/** A legacy attestation layer: an envelope, with the rest in annotations. */
export function readLegacyAttestation(
  bytes: Uint8Array,
  annotations: Annotations,
): SignatureMaterial {
  return {
    format: "dsse",
    content: {
      kind: "envelope",
      envelope: readEnvelope(bytes),
      bytes: Buffer.from(bytes),
    },
    ...annotated(annotations),
  };
}

function annotated(
  annotations: Annotations,
): Pick<
  SignatureMaterial,
  "certificates" | "chainPem" | "entries" | "timestamps"
> {
  const certificate = annotations[cosignAnnotations.certificate]?.trim();
  const bundle = annotations[cosignAnnotations.bundle]?.trim();
  const timestamp = annotations[cosignAnnotations.timestamp]?.trim();
  return {
    certificates: certificate ? [leafOf(certificate)] : [],
    chainPem: annotations[cosignAnnotations.chain]?.trim(),
    entries: bundle ? [readEntry(bundle)] : [],
    timestamps: timestamp ? [readTimestamp(timestamp)] : [],
  };
}

const certificatePem =
  /^-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*/;

/** The first certificate of a PEM text. Anything that is not a certificate is refused: evidence never supplies a bare key (T10). */
function leafOf(pem: string): Buffer {
  const first = certificatePem.exec(pem)?.[1]?.replace(/\s/g, "");
  if (!first) {
    throw new Refusal(
      "MALFORMED",
      "the certificate annotation holds no certificate",
    );
  }
  return decodeBase64(first, "the certificate");
}

function readEntry(text: string): LogEntry {
  const at = "the bundle annotation";
  const bundle = asObject(readJson(Buffer.from(text)), at);
  const payload = asObject(bundle["Payload"], `${at}.Payload`);
  const body = decodeBase64(
    requiredString(payload, "body", `${at}.Payload`),
    `${at}.Payload.body`,
  );
  const { kind, version } = kindOf(asObject(readJson(body), "the log entry"));
  return {
    logId: hex(requiredString(payload, "logID", `${at}.Payload`)),
    logIndex: `${integer(payload["logIndex"], `${at}.Payload.logIndex`)}`,
    integratedTime: `${integer(payload["integratedTime"], `${at}.Payload.integratedTime`)}`,
    kind,
    version,
    body,
    promise: decodeBase64(
      requiredString(bundle, "SignedEntryTimestamp", at),
      `${at}.SignedEntryTimestamp`,
    ),
  };
}

function kindOf(body: JsonObject): { kind: string; version: string } {
  return {
    kind: requiredString(body, "kind", "the log entry"),
    version: requiredString(body, "apiVersion", "the log entry"),
  };
}

function hex(text: string): Buffer {
  if (/^([0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, "hex");
  throw new Refusal("MALFORMED", "the log's id is not hexadecimal");
}

function readTimestamp(text: string): Buffer {
  const at = "the timestamp annotation";
  const stamp = asObject(readJson(Buffer.from(text)), at);
  return decodeBase64(
    requiredString(stamp, "SignedRFC3161Timestamp", at),
    `${at}.SignedRFC3161Timestamp`,
  );
}
