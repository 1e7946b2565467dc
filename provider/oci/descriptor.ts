import { algorithmOf, digestOf, parseDigest, type Digest } from "./digest";
import {
  asObject,
  asString,
  defined,
  integer,
  optional,
  optionalString,
  refuseMiscased,
  requiredString,
  stringList,
  stringMap,
  type Json,
  type JsonObject,
} from "./json";
import { MalformedError } from "./malformed";
import { readPlatform, type Platform } from "./platform";

/** What the specs say about some content: its type, digest and size in bytes. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly platform?: Platform;
  /** other places of a foreign layer; never opened (W152) */
  readonly urls?: readonly string[];
  /** the content itself, proven against digest and size */
  readonly data?: Uint8Array;
}

const fields = [
  "mediaType",
  "digest",
  "size",
  "artifactType",
  "annotations",
  "platform",
  "urls",
  "data",
];

/** Reads a descriptor; `at` is its place in the document. Throws `MalformedError`. */
export function parseDescriptor(value: Json, at: string): Descriptor {
  const object = asObject(value, at);
  refuseMiscased(object, fields, at);
  const digest = parseDigest(requiredString(object, "digest", at));
  const size = integer(object["size"], `${at}.size`);
  const when = <T>(key: string, read: (value: Json, at: string) => T) => {
    const member = optional(object, key);
    return member === undefined ? undefined : read(member, `${at}.${key}`);
  };
  return defined({
    mediaType: readMediaType(object, at),
    digest,
    size,
    artifactType: optionalString(object, "artifactType", at),
    annotations: when("annotations", stringMap),
    platform: when("platform", readPlatform),
    urls: when("urls", stringList),
    data: readData(object, { digest, size }, at),
  });
}

/** Opaque, but it goes into headers: printable ASCII only. */
function readMediaType(object: JsonObject, at: string): string {
  const mediaType = requiredString(object, "mediaType", at);
  if (/^[\x21-\x7e][\x20-\x7e]{0,254}$/.test(mediaType)) return mediaType;
  throw new MalformedError("descriptor", `${at}.mediaType is not a media type`);
}

/** Embedded content must be the content (W154, N57). */
function readData(
  object: JsonObject,
  claimed: { readonly digest: Digest; readonly size: number },
  at: string,
): Uint8Array | undefined {
  const value = optional(object, "data");
  if (value === undefined) return undefined;
  const text = asString(value, `${at}.data`);
  const data = Buffer.from(text, "base64");
  if (data.toString("base64") !== text) {
    throw new MalformedError("descriptor", `${at}.data is not base64`);
  }
  const digest = digestOf(data, algorithmOf(claimed.digest));
  if (data.length !== claimed.size || digest !== claimed.digest) {
    throw new MalformedError(
      "descriptor",
      `${at}.data holds ${data.length} bytes with digest ${digest}, but ${claimed.size} bytes with digest ${claimed.digest} are described`,
    );
  }
  return data;
}
