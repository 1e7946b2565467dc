import { createHash } from "node:crypto";
import type { Reach, Request } from "../../provider/mirror/ports";
import {
  constructed,
  enumerated,
  generalizedTime,
  integer,
  nothing,
  octetString,
  oid,
  primitive,
  sequence,
  utcTime,
} from "./derWriter";
import { extension, signDer, uriName, type Issued } from "./pki";

/** Numbers of `CRLReason`. */
export const reasonCodes = {
  keyCompromise: 1,
  certificateHold: 6,
  removeFromCRL: 8,
} as const;

const hourMs = 60 * 60 * 1000;
const soon = (): readonly [Date, Date] => [
  new Date(Date.now() - hourMs),
  new Date(Date.now() + hourMs),
];

/** What an OCSP response says; each part may be wrong on purpose. */
export interface OcspWish {
  readonly status?: "good" | "revoked" | "unknown";
  readonly reason?: number;
  readonly invalidFrom?: Date;
  /** `[thisUpdate, nextUpdate]`; without the second, none is said */
  readonly dates?: readonly [Date, Date?];
  /** who signs: the issuer, or somebody it has certified */
  readonly responder?: Issued;
  readonly certificates?: readonly Issued[];
  /** whose name and key the certificate's id has, and its serial */
  readonly about?: {
    readonly issuer?: Issued;
    readonly serial?: number | bigint;
  };
  readonly hash?: "sha1" | "sha256";
  /** `OCSPResponseStatus` */
  readonly code?: number;
  /** extensions of the single response */
  readonly extensions?: readonly Buffer[];
}

/** An `OCSPResponse` about a certificate of an issuer. */
export function ocspResponse(
  certificate: Issued,
  issuer: Issued,
  wish: OcspWish = {},
): Buffer {
  if (wish.code) return sequence(enumerated(wish.code));
  const { responder = issuer, certificates = [] } = wish;
  const data = sequence(
    constructed(1, responder.name),
    generalizedTime(new Date()),
    sequence(single(certificate, issuer, wish)),
  );
  const basic = sequence(
    data,
    ...signDer(data, responder.privateKey),
    ...(certificates.length > 0
      ? [constructed(0, sequence(...certificates.map((one) => one.der)))]
      : []),
  );
  const bytes = sequence(oid("1.3.6.1.5.5.7.48.1.1"), octetString(basic));
  return sequence(enumerated(0), constructed(0, bytes));
}

/** One entry of a list. */
export interface EntryWish {
  readonly serial: number | bigint;
  readonly at?: Date;
  readonly reason?: number;
  readonly invalidFrom?: Date;
  readonly more?: readonly Buffer[];
}

/** What a list says; each part may be wrong on purpose. */
export interface ListWish {
  readonly entries?: readonly EntryWish[];
  readonly dates?: readonly [Date, Date?];
  readonly number?: number;
  /** of a delta: the number of the list that it adds to */
  readonly addsTo?: number;
  readonly deltaUrls?: readonly string[];
  /** `IssuingDistributionPoint`, its members */
  readonly point?: readonly Buffer[];
  readonly extensions?: readonly Buffer[];
  readonly signedBy?: Issued;
}

/** A revocation list of an issuer. */
export function revocationList(issuer: Issued, wish: ListWish = {}): Buffer {
  const { entries = [], dates = soon(), signedBy = issuer } = wish;
  const [signature] = signDer(Buffer.alloc(0), signedBy.privateKey);
  const data = sequence(
    integer(1),
    signature ?? nothing(),
    issuer.name,
    ...dates.flatMap((date) => (date ? [utcTime(date)] : [])),
    ...(entries.length > 0 ? [sequence(...entries.map(entry))] : []),
    constructed(0, sequence(...listExtensions(wish))),
  );
  return sequence(data, ...signDer(data, signedBy.privateKey));
}

function listExtensions(wish: ListWish): readonly Buffer[] {
  const { number = 7, addsTo, deltaUrls, point, extensions = [] } = wish;
  const all = [extension("2.5.29.20", integer(number)), ...extensions];
  if (addsTo !== undefined) {
    all.push(extension("2.5.29.27", integer(addsTo), true));
  }
  if (deltaUrls) {
    all.push(extension("2.5.29.46", sequence(...deltaUrls.map(pointAt))));
  }
  if (point) all.push(extension("2.5.29.28", sequence(...point), true));
  return all;
}

/** The name in an `IssuingDistributionPoint`. */
export function pointName(url: string): Buffer {
  return constructed(0, constructed(0, uriName(url)));
}

/** A list as PEM. */
export function listPem(list: Buffer): string {
  return `-----BEGIN X509 CRL-----\n${list.toString("base64")}\n-----END X509 CRL-----\n`;
}

/** What a URL answers: bytes, a status, or never anything. */
export type Answering = Uint8Array | number | "never";

/** A network with these URLs, and what was asked of it. */
export function networkOf(answers: Readonly<Record<string, Answering>>): {
  readonly reach: Reach;
  readonly asked: readonly Request[];
} {
  const asked: Request[] = [];
  const reach: Reach = {
    signal: new AbortController().signal,
    now: () => new Date(),
    send: async (request, signal) => {
      asked.push(request);
      const answer = answers[request.url.href] ?? 404;
      if (answer === "never") {
        await new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("given up")));
        });
      }
      return {
        status: typeof answer === "number" ? answer : 200,
        headers: {},
        body: bodyOf(answer),
        discard: () => Promise.resolve(),
      };
    },
  };
  return { reach, asked };
}

async function* bodyOf(answer: Answering): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  if (answer instanceof Uint8Array) yield answer;
}

function single(certificate: Issued, issuer: Issued, wish: OcspWish): Buffer {
  const { dates = soon(), about = {} } = wish;
  const [from, until] = dates;
  const extensions = [
    ...(wish.invalidFrom
      ? [extension("2.5.29.24", generalizedTime(wish.invalidFrom))]
      : []),
    ...(wish.extensions ?? []),
  ];
  return sequence(
    certificateId(
      about.issuer ?? issuer,
      about.serial ?? certificate.serial,
      wish,
    ),
    statusOf(wish),
    generalizedTime(from),
    ...(until ? [constructed(0, generalizedTime(until))] : []),
    ...(extensions.length > 0 ? [constructed(1, sequence(...extensions))] : []),
  );
}

function certificateId(
  issuer: Issued,
  serial: number | bigint,
  { hash = "sha1" }: OcspWish,
): Buffer {
  const digest = (bytes: Uint8Array): Buffer =>
    octetString(createHash(hash).update(bytes).digest());
  const spki = issuer.publicKey.export({ type: "spki", format: "der" });
  const bits = spki.subarray(
    spki.length - (issuer.publicKey.asymmetricKeyType === "ec" ? 65 : 0),
  );
  const id = hash === "sha1" ? "1.3.14.3.2.26" : "2.16.840.1.101.3.4.2.1";
  return sequence(
    sequence(oid(id), nothing()),
    digest(issuer.name),
    digest(bits),
    integer(serial),
  );
}

function statusOf({ status = "good", reason }: OcspWish): Buffer {
  if (status === "good") return primitive(0, Buffer.alloc(0));
  if (status === "unknown") return primitive(2, Buffer.alloc(0));
  const code = reason === undefined ? [] : [constructed(0, enumerated(reason))];
  return constructed(
    1,
    generalizedTime(new Date(Date.now() - hourMs)),
    ...code,
  );
}

function entry({
  serial,
  at,
  reason,
  invalidFrom,
  more = [],
}: EntryWish): Buffer {
  const extensions = [
    ...(reason === undefined
      ? []
      : [extension("2.5.29.21", enumerated(reason))]),
    ...(invalidFrom
      ? [extension("2.5.29.24", generalizedTime(invalidFrom))]
      : []),
    ...more,
  ];
  return sequence(
    integer(serial),
    utcTime(at ?? new Date(Date.now() - hourMs)),
    ...(extensions.length > 0 ? [sequence(...extensions)] : []),
  );
}

function pointAt(url: string): Buffer {
  return sequence(pointName(url));
}
