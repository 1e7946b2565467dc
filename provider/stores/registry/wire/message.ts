import type { Request, Response } from "../../../mirror/ports";

/** One header's first value. */
export function header(response: Response, name: string): string | undefined {
  const value = response.headers[name];
  return typeof value === "string" ? value : value?.[0];
}

/** A header that must be a plain count; anything else counts as missing. */
export function countHeader(
  response: Response,
  name: string,
): number | undefined {
  const text = header(response, name);
  return text !== undefined && /^\d{1,15}$/.test(text)
    ? Number(text)
    : undefined;
}

/** Whether the same request can be sent twice. */
export function isReplayable(request: Request): boolean {
  return request.body === undefined || request.body instanceof Uint8Array;
}
