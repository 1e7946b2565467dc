import { lost, meaningOf, type Meaning } from "./meaning";
import { NoAnswer, type Asked } from "./wireError";

/** Thrown at connect time: the address is one that nobody may be led to (§3.2). */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
  readonly code = "ADDRESS_REFUSED";
}

/** Says in our words why no answer came from a host. */
export function noAnswer(cause: unknown, host: string): NoAnswer {
  const asked: Asked = { what: `could not reach ${host}`, where: {} };
  if (cause instanceof NoAnswer) return cause;
  const code = codeOf(cause);
  const meaning = meaningOf(code);
  const { says = "gave no answer" } = meaning;
  const why = `${host} ${says} (${meaning.says ? code : wordsOf(cause)})`;
  return new NoAnswer({ ...meaning, why, cause }, asked);
}

const maxWords = 300;

/** The system's words; of OpenSSL's line only what it means. */
function wordsOf(cause: unknown): string {
  const [code, text] = [codeOf(cause), textOf(cause, "message")];
  const [, meant = text] =
    /:error:[0-9A-F]{8}:[^:]*:[^:]*:([^:]+)/.exec(text) ?? [];
  const isSaid = code === "" || meant.includes(code);
  const words = isSaid ? meant : [code, meant].filter(Boolean).join(": ");
  return words.slice(0, maxWords) || "unknown";
}

const refusedByProxy: Meaning = {
  ...lost,
  remedy: "ask who runs the proxy to let this host through",
  retryable: false,
};
const brokenProxy: Meaning = {
  ...lost,
  remedy: "check the proxy, and that it reaches this host; then try again",
};
const proxyLogin: Meaning = {
  fault: "denied",
  code: "AUTH_DENIED",
  remedy:
    "give the user name and password that it takes in HTTPS_PROXY (HTTP_PROXY for what is asked in clear), or in the variable that the host's `proxyEnv` names",
  retryable: false,
};

/** The same where a proxy stands between: it is named, its password is not. */
export function proxyFailure(
  cause: unknown,
  host: string,
  proxy: URL,
): NoAnswer {
  const named = `the proxy ${proxy.origin}`;
  const [, status] =
    /^Proxy (?:response|Authentication Required) \((\d+)\)/.exec(
      textOf(cause, "message"),
    ) ?? [];
  // it is the proxy that is looked up and connected to
  if (/^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED)$/.test(codeOf(cause)))
    return noAnswer(cause, `${named} before ${host}`);
  if (status === undefined) return noAnswer(cause, `${host} through ${named}`);
  const asked: Asked = { what: `could not reach ${host}`, where: {} };
  const why = `${named} before ${host} answers ${status}`;
  return new NoAnswer({ ...answeredBy(status), why, cause }, asked);
}

function answeredBy(status: string): Meaning {
  if (status === "407") return proxyLogin;
  return status.startsWith("5") ? brokenProxy : refusedByProxy;
}

/** A system's or undici's error code; empty where there is none. Errors may come from another realm, so their shape counts. */
export function codeOf(error: unknown): string {
  return textOf(error, "code");
}

function textOf(value: unknown, name: "code" | "message"): string {
  const text: unknown =
    typeof value === "object" && value !== null
      ? Reflect.get(value, name)
      : undefined;
  return typeof text === "string" ? text : "";
}
