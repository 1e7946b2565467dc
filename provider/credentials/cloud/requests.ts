import { readWhole } from "../../mirror/body";
import { MirrorError } from "../../mirror/errors";
import { hide } from "../../mirror/hide";
import type { Reach, Request } from "../../mirror/ports";

/** One request to a cloud's own endpoint. */
export interface CloudRequest {
  readonly method: Request["method"];
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What it answered; header names are lower case. */
export interface CloudAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const maxBytes = 64 * 1024;
const maxWordsLength = 300;
const secretFields =
  /^(?:assertion|client_assertion|subject_token|refresh_token|access_token|client_secret|actor_token|options)$/;
const secretHeaders =
  /^(?:authorization|x-identity-header|secret|x-amz-security-token|x-amz-sso_bearer_token)$/i;

/** The way to a cloud's endpoints, for our requests and its library's: by the network of everything else. Remembers what it sent, so that no message repeats it. */
export class CloudRequests {
  readonly #sent = new Set<string>();
  #lost: MirrorError | undefined;

  constructor(private readonly reach: Reach) {}

  /** In clear only the machine's own metadata service is asked. */
  async ask(
    { method, url, headers, body }: CloudRequest,
    signal?: AbortSignal,
  ): Promise<CloudAnswer> {
    this.#remember(headers, body);
    this.#lost = undefined;
    const request: Request = {
      method,
      url,
      headers,
      ...(body === undefined ? {} : { body: Buffer.from(body) }),
      ...(url.protocol === "http:" ? { ledBy: "machine" } : {}),
    };
    const own = this.reach.signal;
    const until = signal ? AbortSignal.any([own, signal]) : own;
    try {
      const response = await this.reach.send(request, until);
      const bytes = await readWhole(response, maxBytes);
      if (bytes === undefined)
        throw new Error(`${url.host} answered more than 64 KiB`);
      const { status } = response;
      const text = new TextDecoder().decode(bytes);
      return { status, headers: plain(response.headers), text };
    } catch (error) {
      if (error instanceof MirrorError) this.#lost = error;
      throw error;
    }
  }

  /** Why the last request got no answer; `undefined` where it got one. */
  get lost(): MirrorError | undefined {
    return this.#lost;
  }

  /** An error of a cloud or its library on one line, without what was sent and what else is secret. */
  words(error: unknown, ...secrets: readonly (string | undefined)[]): string {
    const said = error instanceof Error ? error.message : "";
    const [line = ""] = said.trim().split(/[\r\n]/, 1);
    const all = [...this.#sent, ...secrets.filter((one) => one !== undefined)];
    return hide(line, all).slice(0, maxWordsLength) || "it failed";
  }

  #remember(headers: CloudRequest["headers"], body = ""): void {
    for (const [name, value] of Object.entries(headers)) {
      if (!secretHeaders.test(name)) continue;
      this.#sent.add(value.replace(/^(?:Basic|Bearer) /i, ""));
    }
    for (const [name, value] of new URLSearchParams(body))
      if (secretFields.test(name)) this.#sent.add(value);
  }
}

function plain(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(", ")]],
    ),
  );
}

/** One field of an answer in JSON that is text. */
export function textField(answer: CloudAnswer, name: string): string {
  const value = jsonFields(answer).get(name);
  return typeof value === "string" ? value : "";
}

/** The fields of an answer in JSON; none where it is no object. */
export function jsonFields({
  text,
}: CloudAnswer): ReadonlyMap<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null;
    return new Map(isObject ? Object.entries(value) : []);
  } catch {
    return new Map();
  }
}
