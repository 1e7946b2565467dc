import type { ASN1Obj, X509Certificate } from "@sigstore/core";
import type { Signer } from "../../../mirror/ports";
import { fulcioExtensions, isBare } from "./fulcioExtensions";
import {
  ascii,
  extensionsOf,
  invalid,
  parseDer,
  utf8,
  utf8String,
  type Extension,
} from "./der";

type Extensions = ReadonlyMap<string, Extension>;

const fulcio = "1.3.6.1.4.1.57264.1";
const oids = {
  subjectAlternativeName: "2.5.29.17",
  issuer: `${fulcio}.1`,
  otherName: `${fulcio}.7`,
  issuerV2: `${fulcio}.8`,
} as const;

/** Whom a certificate names. Throws `CERT_INVALID` when that could be read in two ways. */
export function signerOf(certificate: X509Certificate): Signer {
  const extensions = extensionsOf(certificate);
  const issuer = issuerOf(extensions);
  return {
    ...(issuer === undefined ? {} : { issuer }),
    identity: identityOf(extensions),
    extensions: namedExtensions(extensions),
  };
}

/** Fulcio's issuer in its new or its old place; both must agree (§1.6). */
function issuerOf(extensions: Extensions): string | undefined {
  const old = extensions.get(oids.issuer);
  const current = extensions.get(oids.issuerV2);
  const oldText = old && utf8(old.value, "an issuer");
  const currentText = current && utf8String(current.value, "an issuer");
  if (oldText !== undefined && currentText !== undefined) {
    if (oldText !== currentText) throw invalid("names two issuers");
  }
  return currentText ?? oldText;
}

/** The one subject alternative name. More than one is refused, because a reader cannot tell which was meant (§1.5 gap 6). */
function identityOf(extensions: Extensions): string {
  const extension = extensions.get(oids.subjectAlternativeName);
  if (!extension) throw invalid("names no identity");
  const names = parseDer(extension.value).subs;
  const [only] = names;
  if (!only || names.length !== 1) {
    throw invalid(`names ${names.length} identities, not one`);
  }
  const identity = generalName(only);
  if (identity === "") throw invalid("names an empty identity");
  return identity;
}

function generalName(name: ASN1Obj): string {
  const { tag } = name;
  if (tag.isContextSpecific(0x01))
    return ascii(name.value, "an e-mail address");
  if (tag.isContextSpecific(0x02)) return ascii(name.value, "a DNS name");
  if (tag.isContextSpecific(0x06)) return ascii(name.value, "a URI");
  if (tag.isContextSpecific(0x00)) return otherName(name);
  throw invalid("names its identity in a form that we do not know");
}

function otherName(name: ASN1Obj): string {
  const [type, holder] = name.subs;
  const [text] = holder?.subs ?? [];
  if (type?.toOID() !== oids.otherName || !text) {
    throw invalid("names its identity in a form that we do not know");
  }
  return utf8String(text.toDER(), "an identity");
}

function namedExtensions(extensions: Extensions): Record<string, string> {
  const named: Record<string, string> = {};
  for (const known of fulcioExtensions) {
    const { name, number } = known;
    const value = extensions.get(`${fulcio}.${number}`)?.value;
    if (!value) continue;
    named[name] = isBare(known) ? utf8(value, name) : utf8String(value, name);
  }
  return named;
}
