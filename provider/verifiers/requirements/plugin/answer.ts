import { textOf } from "../../../mirror/textOf";
import {
  asObject,
  isObject,
  optionalString,
  readJson,
  refuseMiscased,
  type JsonObject,
} from "../../../oci/json";
import { canonicalJson } from "../../canonicalJson";
import { PluginFailure } from "./failure";
import type { Ended } from "./process";
import { shown } from "./shown";

/** What a plugin said about one referrer. */
export interface Answer {
  readonly isSuccess: boolean;
  /** in its own words, made safe to show */
  readonly message: string;
}

/** What may be in a result; the rest is ignored. */
const words = [
  "isSuccess",
  "message",
  "errorReason",
  "remediation",
  "name",
  "type",
  "extensions",
];

/** A result within a line of another kind: a name in a log that ends in a line break would let its own line pass for the result. */
const resultElsewhere = /"issuccess"/i;

/**
 * Reads what a plugin wrote: on stdout, one line that is one JSON object; lines without a brace in front are its log
 * (field.md §4.6), and hold no result. Throws `PLUGIN_ERROR`.
 */
export function answerOf({ stdout, stderr, ending }: Ended): Answer {
  if (ending !== undefined) {
    throw failure(`${ending}${said(errorIn(stdout) ?? stderr)}`);
  }
  const lines = stdout.toString("utf8").split("\n");
  const objects = lines.filter(isObjectLine);
  const [line] = objects;
  if (line === undefined) {
    throw failure(`wrote no result${said(stderr)}`);
  }
  if (objects.length > 1) {
    throw failure(
      `wrote ${objects.length} lines of JSON; a result is one object on one line`,
    );
  }
  const answer = resultIn(line);
  if (lines.some((one) => one !== line && resultElsewhere.test(one))) {
    throw failure("wrote a result inside another line");
  }
  return answer;
}

function isObjectLine(line: string): boolean {
  return line.trimStart().startsWith("{");
}

function resultIn(line: string): Answer {
  try {
    const result = objectIn(Buffer.from(line.trim()));
    refuseMiscased(result, words, "result");
    const { isSuccess } = result;
    if (typeof isSuccess !== "boolean") {
      throw failure("wrote a result whose isSuccess is neither true nor false");
    }
    return { isSuccess, message: shown(messageIn(result)) };
  } catch (error) {
    if (error instanceof PluginFailure) throw error;
    throw failure(
      `wrote a result that cannot be read: ${textOf(error)}`,
      error,
    );
  }
}

/** The message, why not, what Ratify would advise, and of a no the details too: plugins point to them. */
function messageIn(result: JsonObject): string {
  const [message, why, advice] = ["message", "errorReason", "remediation"].map(
    (key) => optionalString(result, key, "result") || undefined,
  );
  const { isSuccess, extensions } = result;
  const details =
    isSuccess === false && isObject(extensions) && canonicalJson(extensions);
  const parts = [message, why === message ? undefined : why, advice, details];
  return parts.filter(Boolean).join("; ") || "no message";
}

/** The error that Ratify's skeleton prints before it exits with 1. */
function errorIn(stdout: Buffer): string | undefined {
  try {
    const { msg, details, code } = objectIn(stdout);
    const number = typeof code === "number" ? `code ${code}` : "";
    return [msg, details, number]
      .flatMap((part) => (typeof part === "string" && part ? [part] : []))
      .join("; ");
  } catch {
    return undefined;
  }
}

function objectIn(bytes: Uint8Array): JsonObject {
  return asObject(readJson(bytes, { maxDepth: 64 }), "result");
}

function said(words: Buffer | string): string {
  const text = words.toString("utf8").trim();
  return text === "" ? "" : `: ${text}`;
}

function failure(why: string, cause?: unknown): PluginFailure {
  return new PluginFailure("PLUGIN_ERROR", why, { cause });
}
