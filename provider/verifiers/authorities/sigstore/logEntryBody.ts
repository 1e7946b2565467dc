import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { X509Certificate } from "@sigstore/core";
import {
  asArray,
  asObject,
  readJson,
  requiredString,
  type JsonObject,
} from "../../../oci/json";
import { decodeBase64 } from "../../formats/base64";
import type { Content, LogEntry } from "../../formats/signatureMaterial";
import { Refusal } from "../../refusal";

/** With what the evidence was signed: what a log entry must have recorded. */
export interface Recorded {
  readonly key: KeyObject;
  readonly certificate?: X509Certificate | undefined;
}

/**
 * Refuses an entry that was made with another key or certificate, or about another envelope.
 * The library compares signature and payload hash, but neither of these (§1.5 gap 3, CVE-2026-22703).
 */
export function requireRecorded(
  entry: LogEntry,
  recorded: Recorded,
  content: Content,
): void {
  const body = asObject(
    readJson(entry.body, { maxDepth: 32 }),
    "the log entry",
  );
  const spec = asObject(body["spec"], "the log entry's spec");
  if (!isRecorded(verifierOf(entry, spec), recorded)) {
    throw mismatch("was made with another key or certificate");
  }
  requireEnvelope(entry, spec, content);
}

/** Whether the library leaves this kind to us (§1.5 gap 1). */
export function isOldIntoto(entry: LogEntry): boolean {
  return entry.kind === "intoto" && entry.version === "0.0.1";
}

function requireEnvelope(
  entry: LogEntry,
  spec: JsonObject,
  content: Content,
): void {
  const bytes = content.kind === "envelope" ? content.bytes : undefined;
  if (isOldIntoto(entry)) {
    if (!bytes) throw mismatch("cannot be held against this envelope");
    const { hash } = asObject(spec["content"], "spec.content");
    requireHash(asObject(hash, "spec.content.hash"), bytes);
  }
  if (entry.kind === "dsse" && entry.version === "0.0.1" && bytes) {
    requireHash(asObject(spec["envelopeHash"], "spec.envelopeHash"), bytes);
  }
}

function requireHash(hash: JsonObject, bytes: Buffer): void {
  const actual = createHash("sha256").update(bytes).digest("hex");
  const same = hash["algorithm"] === "sha256" && hash["value"] === actual;
  if (!same) throw mismatch("is about another envelope");
}

type Verifier =
  | { readonly kind: "pem"; readonly pem: string }
  | { readonly kind: "certificate" | "publicKey"; readonly der: Buffer };

function verifierOf(entry: LogEntry, spec: JsonObject): Verifier {
  const at = "the log entry's spec";
  switch (`${entry.kind}/${entry.version}`) {
    case "hashedrekord/0.0.1": {
      const signature = asObject(spec["signature"], at);
      return pemOf(asObject(signature["publicKey"], at), "content");
    }
    case "dsse/0.0.1":
      return pemOf(onlySignature(spec), "verifier");
    case "intoto/0.0.1":
      return pemOf(spec, "publicKey");
    case "intoto/0.0.2": {
      const { envelope } = asObject(spec["content"], at);
      return pemOf(onlySignature(asObject(envelope, at)), "publicKey");
    }
    case "hashedrekord/0.0.2": {
      const { signature } = asObject(spec["hashedRekordV002"], at);
      return derOf(asObject(signature, at));
    }
    case "dsse/0.0.2":
      return derOf(onlySignature(asObject(spec["dsseV002"], at)));
    default:
      throw new Refusal(
        "UNSUPPORTED_FORMAT",
        `log entries of kind ${entry.kind}/${entry.version} are not supported`,
      );
  }
}

function onlySignature(holder: JsonObject): JsonObject {
  const signatures = asArray(holder["signatures"], "signatures");
  if (signatures.length === 1) return asObject(signatures[0], "signatures[0]");
  throw mismatch(`has ${signatures.length} signatures, not one`);
}

function pemOf(holder: JsonObject, member: string): Verifier {
  const text = requiredString(holder, member, "the log entry");
  const pem = decodeBase64(text, `the log entry's ${member}`);
  return { kind: "pem", pem: pem.toString("utf8") };
}

function derOf(holder: JsonObject): Verifier {
  const at = "the log entry's verifier";
  const verifier = asObject(holder["verifier"], at);
  const kind = verifier["x509Certificate"] ? "x509Certificate" : "publicKey";
  const der = decodeBase64(
    requiredString(asObject(verifier[kind], at), "rawBytes", at),
    at,
  );
  return kind === "publicKey" ? { kind, der } : { kind: "certificate", der };
}

function isRecorded(verifier: Verifier, recorded: Recorded): boolean {
  switch (verifier.kind) {
    case "pem":
      return /-----BEGIN CERTIFICATE-----/.test(verifier.pem)
        ? isCertificate(X509Certificate.parse(verifier.pem), recorded)
        : isKey(createPublicKey(verifier.pem), recorded);
    case "certificate":
      return isCertificate(
        X509Certificate.parse(Buffer.from(verifier.der)),
        recorded,
      );
    case "publicKey":
      return isKey(
        createPublicKey({ key: verifier.der, format: "der", type: "spki" }),
        recorded,
      );
  }
}

function isCertificate(entry: X509Certificate, recorded: Recorded): boolean {
  return recorded.certificate?.equals(entry) ?? false;
}

/** A bare key stands for evidence without a certificate only. */
function isKey(entry: KeyObject, recorded: Recorded): boolean {
  return recorded.certificate === undefined && recorded.key.equals(entry);
}

function mismatch(what: string): Refusal {
  return new Refusal("TLOG_MISMATCH", `the log entry ${what}`);
}
