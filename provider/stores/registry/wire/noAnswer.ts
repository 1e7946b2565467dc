import type { Code, Fault } from "../../../mirror/errors";
import { NoAnswer, type Asked } from "./wireError";

/** Thrown at connect time: the address is one that nobody may be led to (§3.2). */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
  readonly code = "ADDRESS_REFUSED";
}

interface Meaning {
  readonly fault: Fault;
  readonly code: Code;
  readonly remedy: string;
  readonly retryable: boolean;
}

const lost: Meaning = {
  fault: "unreachable",
  code: "NETWORK",
  remedy: "check the host's name, the network and its proxy, then try again",
  retryable: true,
};
const unknownHost: Meaning = { ...lost, remedy: "check the host's name" };
const misused: Meaning = {
  ...lost,
  fault: "corrupt",
  code: "PROTOCOL",
  remedy: "check what the host runs",
  retryable: false,
};
const untrusted: Meaning = {
  fault: "unreachable",
  code: "TLS",
  remedy:
    "set `caPem` for this host in the provider's `registries`, or mend its certificate",
  retryable: false,
};
const ledAstray: Meaning = {
  fault: "corrupt",
  code: "REDIRECT_REFUSED",
  remedy: "add that host to the provider's `registries` if it is meant",
  retryable: false,
};

const tls =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO$|UND_ERR_PRX_TLS)/;
const protocol =
  /^(HTTP_BROKEN_|HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|UND_ERR_RES_EXCEEDED)/;

/** Says in our words why no answer came from a host. */
export function noAnswer(cause: unknown, host: string): NoAnswer {
  const asked: Asked = { what: `could not reach ${host}`, where: {} };
  if (cause instanceof NoAnswer) return cause;
  const code = codeOf(cause);
  const text = textOf(cause, "message");
  const why = `${host} gave no answer (${[code, text].filter(Boolean).join(": ").slice(0, 300) || "unknown"})`;
  return new NoAnswer({ ...meaningOf(code), why, cause }, asked);
}

const refusedByProxy: Meaning = {
  ...lost,
  remedy: "ask who runs the proxy to let this host through",
  retryable: false,
};
const proxyLogin: Meaning = {
  fault: "denied",
  code: "AUTH_DENIED",
  remedy:
    "give the proxy's user name and password in HTTPS_PROXY, or in the variable that the host's `proxyEnv` names",
  retryable: false,
};

/** The same where a proxy stands between: it is named, its password is not. */
export function proxyFailure(
  cause: unknown,
  host: string,
  proxy: URL,
): NoAnswer {
  const through = `${host} through the proxy ${proxy.origin}`;
  const [, status] =
    /Proxy response \((\d+)\)/.exec(textOf(cause, "message")) ?? [];
  if (status === undefined || status.startsWith("5"))
    return noAnswer(cause, through);
  const asked: Asked = { what: `could not reach ${host}`, where: {} };
  const why = `the proxy ${proxy.origin} answers ${status}`;
  const meaning = status === "407" ? proxyLogin : refusedByProxy;
  return new NoAnswer({ ...meaning, why, cause }, asked);
}

function meaningOf(code: string): Meaning {
  if (code === "ADDRESS_REFUSED") return ledAstray;
  if (code === "ENOTFOUND") return unknownHost;
  if (tls.test(code)) return untrusted;
  return protocol.test(code) ? misused : lost;
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
