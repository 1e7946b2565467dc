import {
  asObject,
  asString,
  refuseMiscased,
  requiredString,
  stringList,
  type Json,
  type JsonObject,
} from "../../oci/json";
import { decodeBase64 } from "./base64";
import {
  attributes,
  soundEnvelope,
  unsound,
  type NotationEnvelope,
} from "./notationEnvelope";
import { readEnvelopeJson } from "./envelopeJson";

const members = ["payload", "protected", "header", "signature"];
const standard = ["alg", "cty", "crit"];
const ours: readonly string[] = Object.values(attributes);
const chainLabel = "x5c";

/** Reads a Notary Project signature in a flattened JWS (§3.1 "JWS"). Throws `NOTATION_*` refusals, or `MalformedError` for JSON that has two readings. */
export function readNotationJws(bytes: Uint8Array): NotationEnvelope {
  const envelope = asObject(readEnvelopeJson(bytes), "the envelope");
  const foreign = Object.keys(envelope).find((key) => !members.includes(key));
  if (foreign !== undefined) {
    throw unsound(`is no flattened JWS: it has ${JSON.stringify(foreign)}`);
  }
  const text = (name: string) => requiredString(envelope, name, "the envelope");
  const headers = asObject(
    readEnvelopeJson(base64Url(text("protected"))),
    "protected",
  );
  const beside = asObject(envelope["header"] ?? {}, "header");
  refuseMiscased(headers, [...standard, ...ours], "protected");
  refuseMiscased(beside, [chainLabel, ...ours], "header");
  const twice = Object.keys(beside).find((name) => name in headers);
  if (twice !== undefined) {
    throw unsound(`says ${JSON.stringify(twice)} signed and unsigned`);
  }
  const token = beside[attributes.timestamp] ?? undefined;
  return soundEnvelope(headersIn(headers), {
    payload: base64Url(text("payload")),
    signed: Buffer.from(`${text("protected")}.${text("payload")}`, "ascii"),
    signature: base64Url(text("signature")),
    chain: stringList(beside[chainLabel] ?? [], `header.${chainLabel}`).map(
      (der) => base64(der),
    ),
    ...(token !== undefined && {
      timestamp: base64(asString(token, `header.${attributes.timestamp}`)),
    }),
  });
}

function headersIn(headers: JsonObject) {
  const time = (name: string) => timeOf(headers[name], name);
  const plugin = headers[attributes.plugin];
  return {
    algorithm: headers["alg"],
    contentType: headers["cty"],
    critical: stringList(headers["crit"] ?? [], "protected.crit"),
    scheme: headers[attributes.scheme],
    signingTime: time(attributes.signingTime),
    authenticSigningTime: time(attributes.authenticSigningTime),
    expiry: time(attributes.expiry),
    labels: Object.keys(headers),
    plugin: typeof plugin === "string" ? plugin : undefined,
  };
}

const rfc3339 =
  /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,30})?(?:Z|[+-]\d\d:\d\d)$/;

/** An RFC 3339 time; Go reads null as absent. */
function timeOf(value: Json | undefined, name: string): Date | undefined {
  if (value === undefined || value === null) return undefined;
  const text = asString(value, `protected.${name}`);
  const [, day] = rfc3339.exec(text) ?? [];
  const time = new Date(text);
  // the constructor takes 30 February for a day in March
  const midnight = new Date(`${day}T00:00:00Z`);
  const exists =
    day !== undefined &&
    !Number.isNaN(time.getTime()) &&
    midnight.toISOString().startsWith(day);
  if (exists) return time;
  throw unsound(`has a ${name} that is no RFC 3339 time`);
}

/** Unpadded, in the URL-safe alphabet (RFC 7515 §2). */
function base64Url(text: string): Buffer {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") === text) return bytes;
  throw unsound("holds something that is not base64url");
}

/** Padded, in the standard alphabet. */
function base64(text: string): Buffer {
  const bytes = decodeBase64(text, "a member of the envelope's header");
  if (bytes.toString("base64") === text) return bytes;
  throw unsound("holds something that is not base64");
}
