import type { Statement } from "../../mirror/ports";
import { algorithmOf, hexOf, type Digest } from "../../oci/digest";
import {
  asArray,
  asObject,
  isObject,
  readJson,
  refuseMiscased,
  requiredString,
  type Json,
  type JsonObject,
} from "../../oci/json";
import { Refusal } from "../refusal";
import type { Envelope } from "./dsse";

const payloadType = "application/vnd.in-toto+json";
const statementTypes: readonly string[] = [
  "https://in-toto.io/Statement/v1",
  "https://in-toto.io/Statement/v0.1",
];
const members = ["_type", "subject", "predicateType", "predicate"];
const maxSubjects = 1024;
const maxDigests = 32;
const maxDepth = 64;

/** An in-toto statement, read but not yet held against an artifact. */
export type UnboundStatement = Statement;

/** Reads the statement inside an envelope. Throws `MalformedError` or `MALFORMED` (T19, T20), `LIMIT` (T35). */
export function readStatement(envelope: Envelope): UnboundStatement {
  if (envelope.payloadType !== payloadType) {
    throw new Refusal(
      "MALFORMED",
      `the payload type is ${JSON.stringify(envelope.payloadType)}, not ${payloadType}`,
    );
  }
  return readBareStatement(envelope.payload);
}

/** Reads a statement from its JSON. Throws `MalformedError` or `MALFORMED` (T19). */
export function readBareStatement(bytes: Uint8Array): UnboundStatement {
  const at = "the statement";
  const root = asObject(readJson(bytes, { maxDepth }), at);
  refuseMiscased(root, members, at);
  const type = requiredString(root, "_type", at);
  if (!statementTypes.includes(type)) {
    throw new Refusal("MALFORMED", `${at} has _type ${JSON.stringify(type)}`);
  }
  return {
    type,
    predicateType: requiredString(root, "predicateType", at),
    predicate: root["predicate"] ?? null,
    subjects: asArray(root["subject"], `${at}.subject`),
  };
}

/** The statement, once one of its subjects is ours by digest (T18). Every subject is looked at, so that limits hold for all. */
export function bindStatement(
  statement: UnboundStatement,
  subject: Digest,
): Statement {
  const { subjects } = statement;
  if (subjects.length > maxSubjects) {
    throw new Refusal("LIMIT", `more than ${maxSubjects} subjects`);
  }
  const named = subjects.map((entry, i) => digestsOf(entry, i));
  const ours = named.some(
    (digests) => digests[algorithmOf(subject)] === hexOf(subject),
  );
  if (ours) return statement;
  throw new Refusal(
    "SUBJECT_MISMATCH",
    `none of its ${subjects.length} subjects is ${subject}`,
  );
}

/** What the signer said besides about this subject: `annotations` of the subjects with this digest. */
export function annotationsOf(
  { subjects }: Statement,
  subject: Digest,
): JsonObject {
  const ours = subjects.filter(
    (entry, i) => digestsOf(entry, i)[algorithmOf(subject)] === hexOf(subject),
  );
  const [first, ...others] = ours.map((entry, i) =>
    asObject(
      isObject(entry) ? (entry["annotations"] ?? {}) : {},
      `subject[${i}]`,
    ),
  );
  if (first && others.length === 0) return first;
  throw new Refusal("MALFORMED", "its subjects name one digest more than once");
}

function digestsOf(entry: Json, i: number): JsonObject {
  const wrong = new Refusal(
    "SUBJECT_MISMATCH",
    `subject[${i}] names no digest`,
  );
  if (!isObject(entry)) throw wrong;
  refuseMiscased(entry, ["name", "digest"], `subject[${i}]`);
  const digests = entry["digest"] ?? {};
  if (!isObject(digests)) throw wrong;
  const names = Object.keys(digests);
  if (names.length > maxDigests) {
    throw new Refusal(
      "LIMIT",
      `subject[${i}] has more than ${maxDigests} digests`,
    );
  }
  return digests;
}
