import { readWhole } from "../../mirror/body";
import type { Reach, Request } from "../../mirror/ports";
import { textOf } from "../../mirror/textOf";
import { NoStatus } from "./status";

/** How long an answer may take and how large it may be. */
export interface Limits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

const maxUrl = 2048;

/**
 * One answer from where a certificate says: over plain HTTP only, at a public address unless the host is configured, and
 * without following anything. Throws `NoStatus`; when the whole run was cancelled, what the network threw.
 */
export async function ask(
  wish: Pick<Request, "method" | "headers"> & {
    readonly url: string;
    readonly body?: Uint8Array;
  },
  limits: Limits,
  reach: Reach,
): Promise<Uint8Array> {
  const { url: text, ...request } = wish;
  const url = usableUrl(text);
  const signal = AbortSignal.any([
    reach.signal,
    AbortSignal.timeout(limits.timeoutMs),
  ]);
  try {
    const response = await reach.send(
      { ...request, url, ledBy: "certificate" },
      signal,
    );
    const body = await readWhole(response, limits.maxBytes);
    if (response.status !== 200) {
      throw new NoStatus(`${url.host} answered with status ${response.status}`);
    }
    if (body) return body;
    throw new NoStatus(
      `${url.host} answered with more than ${limits.maxBytes} bytes`,
    );
  } catch (thrown) {
    if (reach.signal.aborted || thrown instanceof NoStatus) throw thrown;
    if (signal.aborted) {
      throw new NoStatus(
        `${url.host} did not answer within ${limits.timeoutMs / 1000} s`,
        { cause: thrown },
      );
    }
    throw new NoStatus(textOf(thrown), { cause: thrown });
  }
}

function usableUrl(text: string): URL {
  const url =
    text.length <= maxUrl && URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" && !url.username && !url.password) return url;
  throw new NoStatus(
    `the certificate names ${JSON.stringify(text.slice(0, 100))}, which is no plain http URL`,
  );
}
