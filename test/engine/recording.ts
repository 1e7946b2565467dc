import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  canonical,
  isProperties,
  toProperties,
  type Json,
  type Properties,
} from "./values";

/** One call of a recorded run of the real CLI. */
export interface RecordedCall {
  readonly to: string;
  /** number of the provider process, from 1 */
  readonly instance: number;
  readonly method: string;
  readonly request: Properties;
  readonly response: Properties | undefined;
  readonly error: string | undefined;
  readonly startMs: number;
  readonly endMs: number;
}

const folder = join(__dirname, "vectors");

/** The calls of a scenario, in the order of their start. */
export function recordedCalls(scenario: string): readonly RecordedCall[] {
  const lines = readFileSync(join(folder, `${scenario}.jsonl`), "utf8");
  return lines
    .trim()
    .split("\n")
    .map((line) => recordedCall(toProperties(JSON.parse(line))));
}

function recordedCall(line: Properties): RecordedCall {
  const { response, errors, at_ms: startMs, ms } = line;
  const [error] = Array.isArray(errors) ? errors : [];
  return {
    to: String(line["to"]),
    instance: Number(line["instance"] ?? 0),
    method: String(line["method"]).split("/").at(-1) ?? "",
    request: toProperties(line["request"] ?? {}),
    response: isProperties(response) ? response : undefined,
    error:
      error === undefined
        ? undefined
        : String(error).replace(/^rpc error: code = \w+ desc = /, ""),
    startMs: Number(startMs ?? 0),
    endMs: Number(startMs ?? 0) + Number(ms ?? 0),
  };
}

/** What the CLI printed, and its exit code. */
export function recordedText(scenario: string): {
  readonly text: string;
  readonly exitCode: number;
} {
  const text = readFileSync(join(folder, `${scenario}.txt`), "utf8");
  return { text, exitCode: Number(/\[exit (\d+)\]\s*$/.exec(text)?.[1]) };
}

/** Differs from run to run, or belongs to services that the small engine does not have. */
const incidental = new Set([
  "randomSeed",
  "engineAddress",
  "rootDirectory",
  "programDirectory",
  "supportsViews",
  "mapperTarget",
  "loaderTarget",
  "resolverTarget",
  "resourceStatusAddress",
  "resourceStatusToken",
]);

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const isAbsent = (value: Json): boolean =>
  value === false ||
  value === "" ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0);

/** A request as text that is the same in every run: random ids are named, defaults are left out. */
export function normalised(request: Properties): string {
  const kept = Object.entries(request).filter(
    ([name, value]) => !incidental.has(name) && !isAbsent(value),
  );
  return canonical(Object.fromEntries(kept)).replaceAll(uuid, (id) =>
    id === unknown ? id : "<id>",
  );
}
