import { createHash } from "node:crypto";
import { textOf } from "../../mirror/textOf";
import { Refusal } from "../refusal";
import {
  contextTag,
  membersOf,
  partsOf,
  readDer,
  tags,
  type Der,
} from "./asn1";
import { derOf } from "./ber";
import type { Certificate } from "./certificate";
import { purposes, purposesOf, read } from "./extensions";
import { findPath } from "./path";
import { hashOf, isSignedBy } from "./signature";
import { readSignedData, type SignedData } from "./signedData";
import { readTimestampInfo, type TimestampInfo } from "./timestampInfo";
import { oidOf, integerOf } from "./values";

/** What is to be proven of a token. */
export interface TimestampQuery {
  /** `TimeStampToken`, or the whole `TimeStampResp` */
  readonly token: Uint8Array;
  /** the bytes that were stamped */
  readonly signature: Uint8Array;
  readonly roots: readonly Certificate[];
  /** intermediates that the policy gives; those in the token are used too */
  readonly intermediates?: readonly Certificate[];
}

/** A proven moment. */
export interface Timestamp {
  readonly time: Date;
  /** `time` less the authority's accuracy */
  readonly lower: Date;
  /** `time` and the authority's accuracy */
  readonly upper: Date;
  /** the authority's certificates, leaf first, trusted root last */
  readonly chain: readonly Certificate[];
}

const oids = {
  timestampInfo: "1.2.840.113549.1.9.16.1.4",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
} as const;

/**
 * Proves when bytes existed (RFC 3161, RFC 5816), by an authority under one of the roots, whose certificates were valid
 * at that moment. Throws `TIME_INVALID` (T16).
 */
export function verifyTimestamp(query: TimestampQuery): Timestamp {
  try {
    const data = readSignedData(tokenOf(derOf(query.token)));
    if (data.contentType !== oids.timestampInfo) {
      throw invalid("it is no timestamp");
    }
    const info = readTimestampInfo(data.content);
    requireImprint(info, query.signature);
    const leaf = signingCertificate(data, query);
    requireSignature(data, leaf);
    requireOnlyTimestamps(leaf);
    const chain = findPath({
      leaf,
      intermediates: [...data.certificates, ...(query.intermediates ?? [])],
      roots: query.roots,
      at: info.time,
      purpose: purposes.timeStamping,
    });
    const { time, accuracyMs } = info;
    return {
      time,
      lower: new Date(time.getTime() - accuracyMs),
      upper: new Date(time.getTime() + accuracyMs),
      chain,
    };
  } catch (thrown) {
    if (thrown instanceof Refusal && thrown.code === "TIME_INVALID")
      throw thrown;
    throw invalid(
      thrown instanceof Refusal ? thrown.message : `it ${textOf(thrown)}`,
      thrown,
    );
  }
}

/** The token inside a response (RFC 3161 §2.4.2), or the token itself. */
function tokenOf(bytes: Buffer): Buffer {
  const [first, second, ...others] = partsOf(readDer(bytes));
  if (first?.tag !== tags.sequence) return bytes;
  const granted = integerOf(membersOf(first).take(tags.integer));
  if (granted > 1n) throw invalid("the authority refused to make it");
  if (second && others.length === 0) return second.bytes;
  throw invalid("the response holds no token");
}

function requireImprint(info: TimestampInfo, stamped: Uint8Array): void {
  const actual = createHash(info.hash).update(stamped).digest();
  if (!actual.equals(info.imprint)) throw invalid("it is about other bytes");
}

/** The certificate that the signed attribute names, and no other (CVE-2026-39984; RFC 5816); it need not be in the token. */
function signingCertificate(
  { signer, certificates }: SignedData,
  { intermediates = [], roots }: TimestampQuery,
): Certificate {
  const attribute = signer.attributes.get(oids.signingCertificateV2);
  if (!attribute) throw invalid("it does not say which certificate signed it");
  const [first] = partsOf(membersOf(attribute).take(tags.sequence));
  if (!first) throw invalid("it does not say which certificate signed it");
  const members = membersOf(first);
  const algorithm = members.maybe(tags.sequence);
  const hash = algorithm ? hashOf(algorithm) : "sha256";
  if (hash === undefined) {
    throw invalid("it names its certificate by a hash that does not count");
  }
  const digest = members.take(tags.octetString).value;
  const named = [...certificates, ...intermediates, ...roots].find(({ der }) =>
    createHash(hash).update(der).digest().equals(digest),
  );
  if (!named) throw invalid("its authority's certificate is not in it");
  if (!isNamedBy(signer.certificate, named)) {
    throw invalid("it names two certificates of its authority");
  }
  return named;
}

/** Whether the unsigned `SignerIdentifier` says the same. */
function isNamedBy(identifier: Der, certificate: Certificate): boolean {
  if (identifier.tag === contextTag(0, false)) {
    const id = read(certificate, "subjectKeyId", ({ value }) => readDer(value));
    return id?.value.equals(identifier.value) ?? false;
  }
  const members = membersOf(identifier);
  const issuer = members.take(tags.sequence);
  const serial = integerOf(members.take(tags.integer));
  return (
    issuer.bytes.equals(certificate.issuerDer) && serial === certificate.serial
  );
}

function requireSignature(
  { content, signer }: SignedData,
  leaf: Certificate,
): void {
  const { attributes, signedBytes: data, signature } = signer;
  const digest = hashOf(signer.digestAlgorithm);
  if (digest === undefined)
    throw invalid("it is hashed with what does not count");
  const type = attributes.get(oids.contentType);
  if (!type || oidOf(type) !== oids.timestampInfo) {
    throw invalid("its signature is about something else");
  }
  const said = attributes.get(oids.messageDigest);
  const actual = createHash(digest).update(content).digest();
  if (said?.tag !== tags.octetString || !said.value.equals(actual)) {
    throw invalid("its signature is about another time");
  }
  const signed = {
    data,
    signature,
    algorithm: signer.signatureAlgorithm,
    digest,
  };
  if (!isSignedBy(leaf.publicKey, signed)) {
    throw invalid("its signature is not the authority's");
  }
}

/** RFC 3161 §2.3: the purpose must be critical and the only one. */
function requireOnlyTimestamps(leaf: Certificate): void {
  const extension = purposesOf(leaf);
  const [purpose, ...others] = extension?.purposes ?? [];
  const only = purpose === purposes.timeStamping && others.length === 0;
  if (!extension?.critical || !only) {
    throw invalid(
      "its authority's certificate is not for timestamps alone (extended key usage)",
    );
  }
}

function invalid(why: string, cause?: unknown): Refusal {
  return new Refusal("TIME_INVALID", `a timestamp does not count: ${why}`, {
    cause,
  });
}
