import { constants, sign, type KeyObject } from "node:crypto";
import { cbor, type Cbor } from "./cborWriter";
import type { Issued } from "./pki";
import type { SampleDescriptor } from "./target";

/** What an envelope is signed with. */
export interface Signing {
  readonly privateKey: KeyObject;
  /** leaf first, root last */
  readonly chain: readonly Issued[];
}

/** What a signature envelope says; each part may be wrong on purpose. */
export interface EnvelopeWish {
  readonly scheme?: "notary.x509" | "notary.x509.signingAuthority";
  readonly signedAt?: Date;
  readonly expiry?: Date;
  /** members of the payload's `targetArtifact` in place of the subject's */
  readonly target?: Readonly<Record<string, unknown>>;
  readonly payload?: Buffer;
  readonly algorithm?: string | number;
  readonly contentType?: string;
  /** in place of the right list */
  readonly critical?: readonly string[];
  /** signed attributes besides, critical where the name begins with `!` */
  readonly attributes?: Readonly<Record<string, string>>;
  /** signed attributes left out */
  readonly without?: readonly string[];
  readonly chain?: readonly Issued[];
  /** makes a token over the signature */
  readonly stamp?: (signature: Buffer) => Buffer;
  /** members of the unsigned header besides */
  readonly unsigned?: Readonly<Record<string, string>>;
}

const prefix = "io.cncf.notary.";
const payloadType = "application/vnd.cncf.notary.payload.v1+json";

interface Headers {
  readonly critical: readonly string[];
  readonly times: Readonly<Record<string, Date>>;
  readonly texts: Readonly<Record<string, string>>;
}

function headersOf(wish: EnvelopeWish): Headers {
  const { scheme = "notary.x509", expiry, without = [] } = wish;
  const byAuthority = scheme === "notary.x509.signingAuthority";
  const time = byAuthority ? "authenticSigningTime" : "signingTime";
  const extra = Object.entries(wish.attributes ?? {});
  const named = extra.map(([name, value]) => [name.replace(/^!/, ""), value]);
  const usual = [
    "signingScheme",
    ...(byAuthority ? [time] : []),
    ...(expiry ? ["expiry"] : []),
  ].map((name) => prefix + name);
  const marked = extra.filter(([name]) => name.startsWith("!"));
  const times = {
    [time]: wish.signedAt ?? new Date(Date.now() - 60_000),
    expiry,
  };
  const kept = <Value>(entries: readonly (readonly [string, Value])[]) =>
    Object.fromEntries(entries.filter(([name]) => !without.includes(name)));
  return {
    critical: wish.critical ?? [
      ...usual,
      ...marked.map(([name]) => name.slice(1)),
    ],
    times: kept(
      Object.entries(times).flatMap(([name, at]): [string, Date][] =>
        at ? [[prefix + name, at]] : [],
      ),
    ),
    texts: {
      ...kept([[`${prefix}signingScheme`, scheme]]),
      ...Object.fromEntries(named),
    },
  };
}

function payloadOf(subject: SampleDescriptor, wish: EnvelopeWish): Buffer {
  const { mediaType, digest, size } = subject;
  const targetArtifact = { mediaType, digest, size, ...wish.target };
  return wish.payload ?? Buffer.from(JSON.stringify({ targetArtifact }));
}

/** A flattened JWS. */
export function jws(
  subject: SampleDescriptor,
  signer: Signing,
  wish: EnvelopeWish,
): Buffer {
  const { critical, times, texts } = headersOf(wish);
  const { name, make } = signingOf(signer.privateKey);
  const headers = {
    alg: wish.algorithm ?? name,
    cty: wish.contentType ?? payloadType,
    ...(critical.length > 0 && { crit: critical }),
    ...texts,
    ...Object.fromEntries(
      Object.entries(times).map(([label, at]) => [label, secondsOf(at)]),
    ),
  };
  const encoded = Buffer.from(JSON.stringify(headers)).toString("base64url");
  const payload = payloadOf(subject, wish).toString("base64url");
  const signature = make(Buffer.from(`${encoded}.${payload}`));
  const token = wish.stamp?.(signature);
  return Buffer.from(
    JSON.stringify({
      payload,
      protected: encoded,
      header: {
        x5c: (wish.chain ?? signer.chain).map(({ der }) =>
          der.toString("base64"),
        ),
        [`${prefix}signingAgent`]: "samples/1",
        ...wish.unsigned,
        ...(token && {
          [`${prefix}timestampSignature`]: token.toString("base64"),
        }),
      },
      signature: signature.toString("base64url"),
    }),
  );
}

/** RFC 3339 without fractions, as notation writes it. */
function secondsOf(time: Date): string {
  return time.toISOString().replace(/\.\d+/, "");
}

/** A tagged COSE_Sign1. */
export function cose(
  subject: SampleDescriptor,
  signer: Signing,
  wish: EnvelopeWish,
): Buffer {
  const { critical, times, texts } = headersOf(wish);
  const { number, make } = signingOf(signer.privateKey);
  const headers = cbor(
    new Map<string | number, Cbor>([
      [1, wish.algorithm ?? number],
      ...(critical.length > 0 ? [[2, critical] as const] : []),
      [3, wish.contentType ?? payloadType],
      ...Object.entries(texts),
      ...Object.entries(times).map(([label, at]): [string, Cbor] => [
        label,
        { tag: 1, value: Math.floor(at.getTime() / 1000) },
      ]),
    ]),
  );
  const payload = payloadOf(subject, wish);
  const signature = make(
    cbor(["Signature1", headers, Buffer.alloc(0), payload]),
  );
  const token = wish.stamp?.(signature);
  const chain = (wish.chain ?? signer.chain).map(({ der }) => der);
  const unsigned = new Map<string | number, Cbor>([
    [33, chain],
    ...Object.entries(wish.unsigned ?? {}),
    ...(token ? [[`${prefix}timestampSignature`, token] as const] : []),
  ]);
  return cbor({ tag: 18, value: [headers, unsigned, payload, signature] });
}

const coseNumbers: Readonly<Record<string, number>> = {
  PS256: -37,
  PS384: -38,
  PS512: -39,
  ES256: -7,
  ES384: -35,
  ES512: -36,
};

/** The one algorithm that a key signs with. */
function signingOf(key: KeyObject) {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  const bits =
    { 2048: 256, 3072: 384, 4096: 512 }[modulusLength ?? 0] ??
    { prime256v1: 256, secp384r1: 384, secp521r1: 512 }[namedCurve ?? ""] ??
    256;
  const name = `${modulusLength ? "PS" : "ES"}${bits}`;
  const how = modulusLength
    ? {
        key,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }
    : { key, dsaEncoding: "ieee-p1363" as const };
  return {
    name,
    number: coseNumbers[name] ?? 0,
    make: (bytes: Buffer) => sign(`sha${bits}`, bytes, how),
  };
}
