import { ask, errorCodes, type PlainAnswer } from "../registry/plainHttp";
import { conversation } from "./conversation";

/** What of an answer two registries must agree on. */
export interface Heard {
  readonly status: number;
  readonly codes: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

const compared = [
  "content-type",
  "docker-content-digest",
  "content-range",
  "range",
  "link",
  "oci-subject",
  "www-authenticate",
];

/** Says everything to one registry and writes down what matters of each answer. */
export async function listen(origin: string): Promise<readonly Heard[]> {
  const heard: Heard[] = [];
  let at = "";
  for (const turn of conversation) {
    const answer = await ask(origin, turn.say(at));
    at = answer.headers["location"] ?? at;
    heard.push(digestOf(answer));
  }
  return heard;
}

function digestOf(answer: PlainAnswer): Heard {
  const headers: Record<string, string> = {};
  for (const name of compared) {
    const value = answer.headers[name];
    if (value !== undefined)
      headers[name] = value.replace(/; charset=utf-8$/, "");
  }
  if (answer.headers["location"]) headers["location"] = "given";
  return { status: answer.status, codes: errorCodes(answer), headers };
}
