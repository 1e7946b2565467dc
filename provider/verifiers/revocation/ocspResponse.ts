import {
  contextTag,
  membersOf,
  NotDer,
  partsOf,
  readDer,
  requireTag,
  tags,
  type Der,
} from "../x509/asn1";
import {
  readCertificate,
  readExtensions,
  type Certificate,
  type Extensions,
} from "../x509/certificate";
import { extensionOids, purposes } from "../x509/extensions";
import { isIssuedBy } from "../x509/issued";
import { requireLeaf } from "../x509/path";
import {
  isSignedBy,
  isSoundAlgorithm,
  type SignedBytes,
} from "../x509/signature";
import { countOf, octetsOf, oidOf, timeOf } from "../x509/values";
import { isAbout, type Subject } from "./ocspRequest";
import {
  NoStatus,
  reasonName,
  requireCurrent,
  type Answer,
  type Status,
} from "./status";

const basic = "1.3.6.1.5.5.7.48.1.1";
const invalidityDate = "2.5.29.24";
const refusals = [
  "",
  "malformed request",
  "internal error",
  "try later",
  "",
  "signature required",
  "unauthorized",
];
const maxCertificates = 16;

/** What an `OCSPResponse` proves about a certificate now (RFC 6960 §3.2). Throws `NoStatus`, or `NotDer` for what is none. */
export function readOcspResponse(
  bytes: Uint8Array,
  subject: Subject,
  now: Date,
): Answer {
  const data = openResponse(bytes, subject, now);
  const single = singleAbout(data, subject);
  const members = membersOf(single);
  members.any(); // the certificate's id
  const said = members.any();
  const from = timeOf(members.take(tags.generalizedTime));
  const next = members.maybe(contextTag(0, true));
  const extra = members.maybe(contextTag(1, true));
  members.end();
  const extensions = requireKnown(extra, [invalidityDate]);
  const until = requireCurrent(
    "the OCSP response",
    { from, until: next && timeOf(readDer(next.value)) },
    now,
  );
  return { status: statusIn(said, extensions), until };
}

/** The `ResponseData`, once its signature is proven. */
function openResponse(bytes: Uint8Array, subject: Subject, now: Date): Der {
  const outer = membersOf(readDer(bytes));
  const code = countOf(outer.take(tags.enumerated), 100, tags.enumerated);
  if (code !== 0) {
    throw new NoStatus(`the OCSP responder says ${refusals[code] ?? "no"}`);
  }
  const holder = membersOf(readDer(outer.take(contextTag(0, true)).value));
  outer.end();
  if (oidOf(holder.take(tags.oid)) !== basic) {
    throw new NoStatus("the OCSP response is of an unknown type");
  }
  const response = membersOf(readDer(holder.take(tags.octetString).value));
  holder.end();
  const data = response.take(tags.sequence);
  const algorithm = response.take(tags.sequence);
  const signature = octetsOf(response.take(tags.bitString));
  const list = response.maybe(contextTag(0, true));
  response.end();
  const certificates = list ? certificatesIn(list) : [];
  const signed = { data: data.bytes, algorithm, signature };
  requireResponder(signed, { ...subject, certificates, now });
  return data;
}

function certificatesIn(holder: Der): readonly Certificate[] {
  const parts = partsOf(requireTag(readDer(holder.value), tags.sequence));
  if (parts.length > maxCertificates) {
    throw new NotDer("has too many certificates");
  }
  return parts.map(({ bytes }) => readCertificate(bytes));
}

interface Responders {
  readonly issuer: Certificate;
  readonly certificates: readonly Certificate[];
  readonly now: Date;
}

/** The issuer itself may answer, or whom it has certified for that and nothing else (RFC 6960 §4.2.2.2). */
function requireResponder(signed: SignedBytes, from: Responders): void {
  const { issuer, certificates, now } = from;
  if (isSignedBy(issuer.publicKey, signed)) return;
  const delegate = certificates.find((one) =>
    isSignedBy(one.publicKey, signed),
  );
  if (!delegate) {
    throw new NoStatus(
      "the OCSP response is not signed by who issued the certificate",
    );
  }
  if (
    !isIssuedBy(delegate, issuer) ||
    !isSoundAlgorithm(delegate.signatureAlgorithm)
  ) {
    throw new NoStatus("the OCSP responder was certified by somebody else");
  }
  requireLeaf(delegate, purposes.ocspSigning);
  for (const [oid, { critical }] of delegate.extensions) {
    if (critical && !Object.values<string>(extensionOids).includes(oid)) {
      throw new NoStatus(
        `the OCSP responder's certificate has an unknown critical extension ${oid}`,
      );
    }
  }
  if (now < delegate.notBefore || now > delegate.notAfter) {
    throw new NoStatus("the OCSP responder's certificate is not valid now");
  }
}

/** The one answer about our certificate, among all that the response gives. */
function singleAbout(data: Der, subject: Subject): Der {
  const members = membersOf(data);
  members.maybe(contextTag(0, true)); // version
  members.any(); // the responder's id: its key has proven it
  timeOf(members.take(tags.generalizedTime));
  const singles = partsOf(members.take(tags.sequence));
  requireKnown(members.maybe(contextTag(1, true)), []);
  members.end();
  const ours = singles.filter((single) =>
    isAbout(membersOf(single).take(tags.sequence), subject),
  );
  const [only, ...others] = ours;
  if (only && others.length === 0) return only;
  throw new NoStatus("the OCSP response is about another certificate");
}

function statusIn(said: Der, extensions: Extensions): Status {
  if (said.tag === contextTag(0, false)) return { kind: "good" };
  if (said.tag === contextTag(2, false)) return { kind: "unheard" };
  const members = membersOf(said, contextTag(1, true));
  const at = timeOf(members.take(tags.generalizedTime));
  const code = members.maybe(contextTag(0, true));
  members.end();
  const reason = code ? countOf(readDer(code.value), 100, tags.enumerated) : 0;
  const from = extensions.get(invalidityDate);
  return {
    kind: "revoked",
    at,
    reason: reasonName(reason),
    ...(from && { invalidFrom: timeOf(readDer(from.value)) }),
  };
}

/** Extensions, none of which may be critical unless we honour it. */
function requireKnown(
  holder: Der | undefined,
  honoured: readonly string[],
): Extensions {
  const extensions: Extensions = holder
    ? readExtensions(readDer(holder.value))
    : new Map();
  for (const [oid, { critical }] of extensions) {
    if (critical && !honoured.includes(oid)) {
      throw new NoStatus(
        `the OCSP response has an unknown critical extension ${oid}`,
      );
    }
  }
  return extensions;
}
