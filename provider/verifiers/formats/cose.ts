import type { DecodeOptions } from "cborg";
import {
  attributes,
  soundEnvelope,
  unsound,
  type NotationAlgorithm,
  type NotationEnvelope,
} from "./notationEnvelope";

/** IANA's COSE numbers. */
const algorithmNames: ReadonlyMap<unknown, NotationAlgorithm> = new Map([
  [-37, "PS256"],
  [-38, "PS384"],
  [-39, "PS512"],
  [-7, "ES256"],
  [-35, "ES384"],
  [-36, "ES512"],
]);
const labels = { algorithm: 1, critical: 2, contentType: 3, chain: 33 };

class Sign1 {
  constructor(readonly parts: unknown) {}
}

class EpochTime {
  constructor(readonly seconds: unknown) {}
}

// one reading only: no key twice, no length left open, no number written longer than needed
const strictly: DecodeOptions = {
  strict: true,
  useMaps: true,
  rejectDuplicateMapKeys: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowNaN: false,
  allowInfinity: false,
  tags: {
    1: (inner) => new EpochTime(inner()),
    18: (inner) => new Sign1(inner()),
  },
};

/** Reads a Notary Project signature in a tagged COSE_Sign1 (§3.1 "COSE"). Throws `NOTATION_*` refusals, or an `Error` for what is no CBOR. */
export async function readNotationCose(
  bytes: Uint8Array,
): Promise<NotationEnvelope> {
  const { decode } = await import("cborg"); // has no form that can be required
  const message: unknown = decode(bytes, strictly);
  if (!(message instanceof Sign1)) throw unsound("is no tagged COSE_Sign1");
  const [protectedBytes, beside, payload, signature] = fourOf(message.parts);
  const signedHeaders: unknown = decode(
    bytesOf(protectedBytes, "headers"),
    strictly,
  );
  const headers = mapOf(signedHeaders);
  const unsigned = mapOf(beside);
  if ([...unsigned.keys()].some((label) => headers.has(label))) {
    throw unsound("says the same attribute signed and unsigned");
  }
  const token = unsigned.get(attributes.timestamp);
  const content = bytesOf(payload, "payload");
  return soundEnvelope(headersIn(headers), {
    payload: content,
    signed: signatureStructure(bytesOf(protectedBytes, "headers"), content),
    signature: bytesOf(signature, "signature"),
    chain: chainIn(unsigned.get(labels.chain)),
    ...(token !== undefined && { timestamp: bytesOf(token, "timestamp") }),
  });
}

type CborMap = ReadonlyMap<unknown, unknown>;

function headersIn(headers: CborMap) {
  const time = (name: string) => timeOf(headers.get(name), name);
  const algorithm = headers.get(labels.algorithm);
  const critical = headers.get(labels.critical) ?? [];
  const plugin = headers.get(attributes.plugin);
  if (!isList(critical)) throw unsound("has critical attributes of no list");
  return {
    algorithm: algorithmNames.get(algorithm) ?? algorithm,
    contentType: headers.get(labels.contentType),
    critical,
    scheme: headers.get(attributes.scheme),
    signingTime: time(attributes.signingTime),
    authenticSigningTime: time(attributes.authenticSigningTime),
    expiry: time(attributes.expiry),
    labels: [...headers.keys()],
    plugin: typeof plugin === "string" ? plugin : undefined,
  };
}

/** What a COSE_Sign1 signature is over (RFC 9052 §4.4). */
function signatureStructure(headers: Buffer, payload: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([0x84, 0x6a]),
    Buffer.from("Signature1", "ascii"),
    byteString(headers),
    byteString(Buffer.alloc(0)),
    byteString(payload),
  ]);
}

function byteString(bytes: Buffer): Buffer {
  const { length } = bytes;
  if (length < 24) return Buffer.concat([Buffer.from([0x40 + length]), bytes]);
  const size = [1, 2, 4].find((count) => length < 256 ** count) ?? 4;
  const head = Buffer.alloc(1 + size, 0x58 + Math.log2(size));
  head.writeUIntBE(length, 1, size);
  return Buffer.concat([head, bytes]);
}

function fourOf(parts: unknown): readonly unknown[] {
  if (isList(parts) && parts.length === 4) return parts;
  throw unsound("has not the four parts of a COSE_Sign1");
}

function chainIn(chain: unknown): readonly Buffer[] {
  if (!isList(chain)) throw unsound("has no list of certificates");
  return chain.map((der) => bytesOf(der, "certificate"));
}

const latest = 8_640_000_000_000;

/** Seconds since 1970 under tag 1. */
function timeOf(value: unknown, name: string): Date | undefined {
  if (value === undefined) return undefined;
  const seconds =
    value instanceof EpochTime && typeof value.seconds === "number"
      ? value.seconds
      : Number.NaN;
  if (Math.abs(seconds) <= latest) return new Date(seconds * 1000);
  throw unsound(`has a ${name} that is no time`);
}

function bytesOf(value: unknown, what: string): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  throw unsound(`has a ${what} that is no bytes`);
}

function mapOf(value: unknown): CborMap {
  if (value instanceof Map) return value;
  throw unsound("has headers that are no map");
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
