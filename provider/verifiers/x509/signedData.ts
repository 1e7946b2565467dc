import {
  NotDer,
  contextTag,
  membersOf,
  partsOf,
  readDer,
  requireTag,
  tags,
  type Der,
} from "./asn1";
import { readCertificate, type Certificate } from "./certificate";
import { integerOf, oidOf } from "./values";

/** A CMS `SignedData` with one signer (RFC 5652 §5), as it stands; nothing is proven. */
export interface SignedData {
  readonly contentType: string;
  readonly content: Buffer;
  readonly certificates: readonly Certificate[];
  readonly signer: SignerInfo;
}

/** How the one signer signed. */
export interface SignerInfo {
  /** the issuer's name and the serial, or the subject key id */
  readonly certificate: Der;
  readonly digestAlgorithm: Der;
  /** each attribute's single value, by OID */
  readonly attributes: ReadonlyMap<string, Der>;
  /** the attributes as they were signed: with the tag of a SET */
  readonly signedBytes: Buffer;
  readonly signatureAlgorithm: Der;
  readonly signature: Buffer;
}

const signedDataOid = "1.2.840.113549.1.7.2";
const maxCertificates = 16;

/** Reads a `ContentInfo` in DER, with signed data and signed attributes. Throws `NotDer`, or what `readCertificate` throws. */
export function readSignedData(bytes: Uint8Array): SignedData {
  const info = membersOf(readDer(bytes));
  if (oidOf(info.take(tags.oid)) !== signedDataOid) {
    throw new NotDer("is not signed data");
  }
  const holder = info.take(contextTag(0, true));
  info.end();
  const data = membersOf(readDer(holder.value));
  integerOf(data.take(tags.integer));
  data.take(tags.set); // digest algorithms: the signer repeats its own
  const content = membersOf(data.take(tags.sequence));
  const contentType = oidOf(content.take(tags.oid));
  const octets = readDer(content.take(contextTag(0, true)).value);
  content.end();
  const certificates = data.maybe(contextTag(0, true));
  data.maybe(contextTag(1, true)); // revocation lists: revocation is looked up elsewhere
  const signers = partsOf(data.take(tags.set));
  data.end();
  const [signer, ...others] = signers;
  if (!signer || others.length > 0) throw new NotDer("has not one signer");
  return {
    contentType,
    content: requireTag(octets, tags.octetString).value,
    certificates: certificates ? certificatesIn(certificates) : [],
    signer: signerIn(signer),
  };
}

function certificatesIn(holder: Der): readonly Certificate[] {
  const parts = partsOf(holder);
  if (parts.length > maxCertificates) {
    throw new NotDer("has too many certificates");
  }
  return parts
    .filter(({ tag }) => tag === tags.sequence) // attribute certificates prove nothing here
    .map(({ bytes }) => readCertificate(bytes));
}

function signerIn(holder: Der): SignerInfo {
  const members = membersOf(holder);
  integerOf(members.take(tags.integer));
  const certificate = members.any();
  const digestAlgorithm = members.take(tags.sequence);
  const attributes = members.take(contextTag(0, true));
  const signatureAlgorithm = members.take(tags.sequence);
  const { value } = members.take(tags.octetString);
  members.maybe(contextTag(1, true)); // unsigned attributes
  members.end();
  const signedBytes = Buffer.from(attributes.bytes);
  signedBytes[0] = tags.set; // RFC 5652 §5.4
  return {
    certificate,
    digestAlgorithm,
    attributes: attributesIn(attributes),
    signedBytes,
    signatureAlgorithm,
    signature: value,
  };
}

function attributesIn(holder: Der): ReadonlyMap<string, Der> {
  const attributes = new Map<string, Der>();
  for (const part of partsOf(holder)) {
    const members = membersOf(part);
    const oid = oidOf(members.take(tags.oid));
    const [value, ...others] = partsOf(members.take(tags.set));
    members.end();
    if (attributes.has(oid) || !value || others.length > 0) {
      throw new NotDer(`has attribute ${oid} not once`);
    }
    attributes.set(oid, value);
  }
  return attributes;
}
