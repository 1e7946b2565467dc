import { MirrorError } from "../../../mirror/errors";
import type { Request, Response, Send } from "../../../mirror/ports";
import { judgeDenied } from "./describe";
import type { Token } from "./keyring";
import { readWhole } from "../../../mirror/body";
import { askedMs } from "../pace/retry";
import { readRefusal } from "../wire/refusal";
import {
  limitError,
  NoAnswer,
  protocolError,
  stopped,
  type Asked,
} from "../wire/wireError";

/** One request to a token server: where, for what, and how it is authorized. */
export interface TokenRequest {
  readonly realm: URL;
  readonly service: string | undefined;
  readonly scopes: readonly string[];
  /** the registry that named the realm */
  readonly ledBy: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** the OAuth2 form's secret part (W25); without it the request is a GET (W22) */
  readonly refreshToken?: string;
  /** a login that is put as JSON, as Docker Hub's own API wants it */
  readonly json?: Readonly<Record<string, string>>;
}

const maxTokenBytes = 64 * 1024; // W31
const clientId = "pulumi-artifact-mirror";
const minLifeSeconds = 60; // W24

/** Fetches a token. `now` is the monotonic clock: neither the server's clock nor ours by the wall matters (W24). */
export async function fetchToken(
  request: TokenRequest,
  wire: {
    readonly send: Send;
    readonly signal: AbortSignal;
    readonly asked: Asked;
    /** takes the secrets out of the server's words */
    readonly hide: (text: string) => string;
    readonly now: () => number;
    /** by the wall clock, for `Retry-After` */
    readonly date: () => Date;
  },
): Promise<Token> {
  const response = await answerOf(request, wire);
  if (response.status !== 200)
    throw await tokenRefusal(response, request, wire);
  const bytes = await readWhole(response, maxTokenBytes);
  if (bytes === undefined)
    throw limitError(
      wire.asked,
      `the token server ${request.realm.host} answered more than 64 KiB`,
    );
  const body = readBody(bytes);
  if (body === undefined)
    throw protocolError(
      wire.asked,
      `the token server ${request.realm.host} did not answer with a token`,
    );
  const lifeMs = Math.max(body.expiresIn, minLifeSeconds) * 1000;
  return {
    value: body.token,
    renewAt: wire.now() + Math.min(lifeMs * 0.8, lifeMs - 10_000),
  };
}

async function answerOf(
  request: TokenRequest,
  wire: Parameters<typeof fetchToken>[1],
): Promise<Response> {
  const { send, signal, asked } = wire;
  try {
    return await send(toRequest(request), signal);
  } catch (error) {
    if (signal.aborted) throw stopped(signal, asked);
    if (!(error instanceof NoAnswer)) throw error;
    const { fault, code, why, remedy } = error.reason;
    throw new MirrorError({
      ...asked,
      fault,
      code,
      why: `no token could be fetched: ${why}`,
      remedy,
      cause: error,
    });
  }
}

function toRequest(request: TokenRequest): Request {
  const { realm, service, scopes, ledBy, refreshToken, json } = request;
  if (json !== undefined)
    return {
      method: "POST",
      url: realm,
      headers: { ...request.headers, "content-type": "application/json" },
      body: Buffer.from(JSON.stringify(json)),
      ledBy,
    };
  if (refreshToken === undefined) {
    const url = new URL(realm);
    if (service !== undefined) url.searchParams.append("service", service);
    for (const scope of scopes) url.searchParams.append("scope", scope);
    return { method: "GET", url, headers: request.headers, ledBy };
  }
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: clientId,
  });
  if (service !== undefined) form.append("service", service);
  form.append("scope", scopes.join(" "));
  form.append("refresh_token", refreshToken);
  const headers = {
    ...request.headers,
    "content-type": "application/x-www-form-urlencoded",
  };
  return {
    method: "POST",
    url: realm,
    headers,
    body: Buffer.from(form.toString()),
    ledBy,
  };
}

async function tokenRefusal(
  response: Response,
  request: TokenRequest,
  { asked, hide, date }: Parameters<typeof fetchToken>[1],
): Promise<MirrorError> {
  const waitMs = askedMs(response, date());
  const { status, words } = await readRefusal(response, hide);
  const why = `the token server ${request.realm.host} answered ${words}, asked ${asked.as ?? "anonymously"} for ${request.scopes.join(" ")}`;
  if (status === 429) {
    const retryAt =
      waitMs === undefined ? undefined : new Date(date().getTime() + waitMs);
    const again = retryAt
      ? `, to be asked again at ${retryAt.toISOString()}`
      : "";
    return new MirrorError({
      ...asked,
      fault: "unreachable",
      code: "RATE_LIMITED",
      why: why + again,
      remedy: "wait, or log in for a higher limit",
      ...(retryAt ? { retryAt } : {}),
    });
  }
  if (status >= 500 || status === 408) {
    return new MirrorError({
      ...asked,
      fault: "unreachable",
      code: "REGISTRY_UNAVAILABLE",
      why,
      remedy: "try again later",
    });
  }
  return new TokenRefused(
    {
      ...asked,
      fault: "denied",
      why,
      ...judgeDenied(status, asked),
    },
    status,
  );
}

/** The token server said no. */
export class TokenRefused extends MirrorError {
  constructor(
    parts: ConstructorParameters<typeof MirrorError>[0],
    readonly status: number,
  ) {
    super(parts);
  }
}

function readBody(
  bytes: Uint8Array,
): { readonly token: string; readonly expiresIn: number } | undefined {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  if (typeof body !== "object" || body === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(body));
  const token = fields.get("access_token") ?? fields.get("token"); // W23
  const expiresIn = fields.get("expires_in");
  if (typeof token !== "string" || !/^[\x21-\x7e]+$/.test(token))
    return undefined; // N61
  return {
    token,
    expiresIn:
      typeof expiresIn === "number" && Number.isFinite(expiresIn)
        ? expiresIn
        : 0,
  };
}
