import {
  contextTag,
  eachPart,
  membersOf,
  NotDer,
  readDer,
  tags,
  type Der,
} from "../x509/asn1";
import {
  readExtensions,
  type Certificate,
  type Extensions,
} from "../x509/certificate";
import { isSignedBy, type SignedBytes } from "../x509/signature";
import { countOf, integerOf, octetsOf, timeOf } from "../x509/values";
import { serialDer } from "./ocspRequest";
import { reasonName } from "./status";

/** A certificate revocation list (RFC 5280 §5), as it stands; nothing is proven. */
export interface RevocationList {
  readonly signed: SignedBytes;
  /** `Name`, DER */
  readonly issuerDer: Buffer;
  readonly from: Date;
  readonly until: Date | undefined;
  readonly extensions: Extensions;
  /** the entries' DER, one behind the other: a list may have a million */
  readonly entries: Der | undefined;
}

/** What a list says of one serial number. */
export interface Entry {
  readonly at: Date;
  readonly reason: string;
  readonly invalidFrom?: Date;
}

/** Extensions of lists. */
export const listOids = {
  number: "2.5.29.20",
  deltaIndicator: "2.5.29.27",
  issuingDistributionPoint: "2.5.29.28",
} as const;

const reasonCode = "2.5.29.21";
const invalidityDate = "2.5.29.24";
const pemBlock =
  /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]+)-----END X509 CRL-----/g;

/** Reads one list. Throws `NotDer`. */
export function readRevocationList(der: Uint8Array): RevocationList {
  const outer = membersOf(readDer(der));
  const data = outer.take(tags.sequence);
  const algorithm = outer.take(tags.sequence);
  const signature = octetsOf(outer.take(tags.bitString));
  outer.end();
  const members = membersOf(data);
  const version = members.maybe(tags.integer);
  if (version) countOf(version, 1);
  const inner = members.take(tags.sequence);
  if (!inner.bytes.equals(algorithm.bytes)) {
    throw new NotDer("names two signature algorithms");
  }
  const issuer = members.take(tags.sequence);
  const from = timeOf(members.any());
  const next =
    members.maybe(tags.utcTime) ?? members.maybe(tags.generalizedTime);
  const entries = members.maybe(tags.sequence);
  const extensions = members.maybe(contextTag(0, true));
  members.end();
  return {
    signed: { data: data.bytes, algorithm, signature },
    issuerDer: issuer.bytes,
    from,
    until: next && timeOf(next),
    extensions: extensions
      ? readExtensions(readDer(extensions.value))
      : new Map(),
    entries,
  };
}

/** All lists of a PEM text. Throws an `Error` when it holds anything else, or none. */
export function readRevocationLists(pem: string): readonly RevocationList[] {
  if (pem.replaceAll(pemBlock, "").trim() !== "") {
    throw new Error(
      "holds something that is no certificate revocation list in PEM",
    );
  }
  const found = [...pem.matchAll(pemBlock)].map(([, base64 = ""]) =>
    readRevocationList(Buffer.from(base64, "base64")),
  );
  if (found.length === 0)
    throw new Error("holds no certificate revocation list");
  return found;
}

/** Whether the list says only what came after a complete one. */
export function isDelta({ extensions }: RevocationList): boolean {
  return extensions.has(listOids.deltaIndicator);
}

/** Whether the issuer has signed the list, and may. */
export function isListOf(list: RevocationList, issuer: Certificate): boolean {
  return (
    list.issuerDer.equals(issuer.subjectDer) &&
    isSignedBy(issuer.publicKey, list.signed)
  );
}

/** What the list says of a serial number: usually nothing. */
export function entriesOf(
  list: RevocationList,
  serial: bigint,
): readonly Entry[] {
  const wanted = serialDer(serial);
  // looking for the bytes first spares walking through a million entries
  if (!list.entries?.value.includes(wanted)) return [];
  const found: Entry[] = [];
  for (const part of eachPart(list.entries.value)) {
    const members = membersOf(part);
    if (integerOf(members.take(tags.integer)) !== serial) continue;
    const at = timeOf(members.any());
    const extensions = members.maybe(tags.sequence);
    members.end();
    found.push({
      at,
      ...(extensions
        ? saidBy(readExtensions(extensions))
        : { reason: reasonName(0) }),
    });
  }
  return found;
}

function saidBy(extensions: Extensions): Omit<Entry, "at"> {
  for (const [oid, { critical }] of extensions) {
    if (critical && oid !== reasonCode && oid !== invalidityDate) {
      throw new NotDer(
        `has an entry with an unknown critical extension ${oid}`,
      );
    }
  }
  const code = extensions.get(reasonCode);
  const from = extensions.get(invalidityDate);
  return {
    reason: reasonName(
      code ? countOf(readDer(code.value), 100, tags.enumerated) : 0,
    ),
    ...(from && { invalidFrom: timeOf(readDer(from.value)) }),
  };
}
