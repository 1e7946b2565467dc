import {
  contextTag,
  membersOf,
  NotDer,
  partsOf,
  readDer,
  requireTag,
  tags,
  type Der,
} from "./asn1";
import { certInvalid, type Certificate } from "./certificate";
import { read } from "./extensions";
import { oidOf } from "./values";

/** One attribute of a distinguished name. */
export interface NameAttribute {
  readonly oid: string;
  /** `CN`, `O`, …; absent for attributes that RFC 4514 has no name for */
  readonly name?: string;
  readonly text: string;
  /** the value as it stands, DER */
  readonly der: Buffer;
}

/** RFC 4514 §3, and the three more that Go's `crypto/x509` writes by name. */
const attributeNames: ReadonlyMap<string, string> = new Map([
  ["2.5.4.3", "CN"],
  ["2.5.4.5", "SERIALNUMBER"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.9", "STREET"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["2.5.4.17", "POSTALCODE"],
  ["0.9.2342.19200300.100.1.1", "UID"],
  ["0.9.2342.19200300.100.1.25", "DC"],
]);

/** A distinguished name as the certificate has it: relative names in its order, each of one or more attributes. */
export function attributesOf(
  nameDer: Uint8Array,
): readonly (readonly NameAttribute[])[] {
  try {
    return partsOf(requireTag(readDer(nameDer), tags.sequence)).map((set) =>
      partsOf(requireTag(set, tags.set)).map(attributeOf),
    );
  } catch (cause) {
    throw certInvalid("has a name that cannot be read", cause);
  }
}

/** The subject as RFC 4514 writes it: last relative name first, `CN=…,O=…,C=…`. */
export function subjectText({
  subjectDer,
}: Pick<Certificate, "subjectDer">): string {
  return nameText(subjectDer);
}

/** A `Name` in DER as RFC 4514 writes it. */
export function nameText(nameDer: Uint8Array): string {
  return attributesOf(nameDer)
    .map((relative) => relative.map(attributeText).join("+"))
    .reverse()
    .join(",");
}

/** The subject alternative names that are text, in the certificate's order: e-mail addresses, DNS names, URIs. Other forms are left out. */
export function alternativeNamesOf(
  certificate: Certificate,
): readonly string[] | undefined {
  return read(certificate, "subjectAlternativeName", ({ value }) =>
    partsOf(requireTag(readDer(value), tags.sequence))
      .filter(({ tag }) => textNames.includes(tag))
      .map((name) => ia5(name.value)),
  );
}

const textNames: readonly number[] = [1, 2, 6].map((number) =>
  contextTag(number, false),
);

/** Printable ASCII: what an IA5String may hold without fooling a reader (§1.5 gap 7). */
export function ia5(value: Buffer): string {
  if (value.every((byte) => byte >= 0x20 && byte < 0x7f)) {
    return value.toString("latin1");
  }
  throw new NotDer("has a text that is not printable ASCII");
}

function attributeOf(attribute: Der): NameAttribute {
  const members = membersOf(attribute);
  const oid = oidOf(members.take(tags.oid));
  const value = members.any();
  members.end();
  const name = attributeNames.get(oid);
  const text = attributeValue(value);
  return { oid, ...(name && { name }), text, der: value.bytes };
}

const decoders: ReadonlyMap<number, (value: Buffer) => string> = new Map([
  [tags.utf8String, utf8],
  [0x13, ia5], // PrintableString
  [0x16, ia5], // IA5String
  [0x14, (value: Buffer) => value.toString("latin1")], // TeletexString, as OpenSSL and Go read it
  [0x1e, bmp], // BMPString
]);

function attributeValue(value: Der): string {
  const decode = decoders.get(value.tag);
  return decode ? decode(value.value) : `#${value.bytes.toString("hex")}`;
}

function utf8(value: Buffer): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
    value,
  );
}

function bmp(value: Buffer): string {
  if (value.length % 2 === 1) throw new NotDer("has half a character");
  return Buffer.from(value).swap16().toString("utf16le");
}

function attributeText({ oid, name, text, der }: NameAttribute): string {
  if (name === undefined) return `${oid}=#${der.toString("hex")}`;
  const escaped = text
    .replace(/[,+"\\<>;]/g, String.raw`\$&`)
    .replace(/^[ #]/, String.raw`\$&`)
    .replace(/(?<=.) $/, String.raw`\ `)
    .replaceAll("\0", String.raw`\00`);
  return `${name}=${escaped}`;
}
