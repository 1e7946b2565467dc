import { generateKeyPairSync, sign } from "node:crypto";

/** A key and a self-signed certificate, both PEM. */
export interface SelfSigned {
  readonly key: string;
  readonly certificate: string;
}

const ecdsaWithSha256 = "06082a8648ce3d040302";
const commonName = "0603550403";
const basicConstraints = "0603551d13";
const subjectAltName = "0603551d11";

/** A certificate for `localhost` and 127.0.0.1, good for `validDays` (negative: already expired). */
export function selfSigned(validDays = 30): SelfSigned {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const day = 24 * 60 * 60 * 1000;
  const now = Date.now();
  const from = Math.min(now, now + validDays * day) - day;
  const name = der(0x30, [
    der(0x31, [
      der(0x30, [hex(commonName), text(0x0c, "artifact mirror test")]),
    ]),
  ]);
  const toSign = der(0x30, [
    der(0xa0, [hex("020102")]), // version 3
    hex("020101"), // serial number
    der(0x30, [hex(ecdsaWithSha256)]),
    name,
    der(0x30, [time(from), time(now + validDays * day)]),
    name,
    pair.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, [der(0x30, extensions())]),
  ]);
  const signature = sign("sha256", toSign, pair.privateKey);
  const certificate = der(0x30, [
    toSign,
    der(0x30, [hex(ecdsaWithSha256)]),
    der(0x03, [hex("00"), signature]),
  ]);
  return {
    key: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: pem(certificate),
  };
}

function extensions(): readonly Buffer[] {
  const isCa = der(0x30, [hex("0101ff")]);
  const names = der(0x30, [
    text(0x82, "localhost"),
    der(0x87, [hex("7f000001")]),
  ]);
  return [
    der(0x30, [hex(basicConstraints), hex("0101ff"), der(0x04, [isCa])]),
    der(0x30, [hex(subjectAltName), der(0x04, [names])]),
  ];
}

function der(tag: number, parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length =
    size < 128
      ? [size]
      : size < 256
        ? [0x81, size]
        : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function hex(digits: string): Buffer {
  return Buffer.from(digits, "hex");
}

function text(tag: number, content: string): Buffer {
  return der(tag, [Buffer.from(content)]);
}

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  return text(0x17, digits.slice(2)); // UTCTime
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString("base64").replace(/.{64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
