import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** A request as it came over the wire. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Who signed, and for which day, region and service. */
export interface Signature {
  readonly keyId: string;
  readonly day: string;
  readonly region: string;
  readonly service: string;
  /** by the secret that belongs to the key, over this very request */
  isBy(secret: string): boolean;
}

const grammar =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;

/** Reads AWS Signature Version 4 (AWS General Reference); `undefined` where a request has none. */
export function signatureOf(request: Received): Signature | undefined {
  const match = grammar.exec(request.headers.authorization ?? "");
  if (!match) return undefined;
  const [, keyId, day, region, service, names, signature] = match.map(String);
  const toSign = [
    "AWS4-HMAC-SHA256",
    headerOf(request, "x-amz-date"),
    `${day}/${region}/${service}/aws4_request`,
    sha256(canonical(request, String(names))),
  ].join("\n");
  return {
    keyId: String(keyId),
    day: String(day),
    region: String(region),
    service: String(service),
    isBy: (secret) => {
      const key = [day, region, service, "aws4_request"].reduce<
        Buffer | string
      >((last, part) => hmac(last, String(part)), `AWS4${secret}`);
      const ours = hmac(key, toSign);
      return timingSafeEqual(ours, Buffer.from(String(signature), "hex"));
    },
  };
}

function canonical(request: Received, names: string): string {
  return [
    request.method,
    request.path,
    "",
    ...names.split(";").map((name) => `${name}:${headerOf(request, name)}`),
    "",
    names,
    sha256(request.body),
  ].join("\n");
}

function headerOf({ headers }: Received, name: string): string {
  return String(headers[name] ?? "")
    .trim()
    .replace(/ +/g, " ");
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
