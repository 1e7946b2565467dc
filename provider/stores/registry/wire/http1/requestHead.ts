import type { Request } from "../../../../mirror/ports";
import { BrokenRequest } from "./brokenAnswer";

const name = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
const value = /^[\t\x20-\x7e\x80-\xff]*$/;
const path = /^\/[\x21-\x7e]*$/;
/** what frames a request is ours to say */
const ours = new Set(["host", "connection", "transfer-encoding", "upgrade"]);
const bodied = new Set(["POST", "PUT", "PATCH"]);

/** The request line and headers as they go over the wire. What would split them, or frame the body otherwise, is refused (N49). */
export function requestHead(request: Request): Buffer {
  const { url, method, headers } = request;
  const target = `${url.pathname}${url.search}`;
  if (!path.test(target)) throw new BrokenRequest("its path cannot be sent");
  const lines = [
    `${method} ${target} HTTP/1.1`,
    `host: ${url.host}`,
    "connection: keep-alive",
  ];
  if (headers["user-agent"] === undefined)
    lines.push("user-agent: pulumi-artifact-mirror");
  for (const [key, text] of Object.entries(headers)) {
    if (!name.test(key) || !value.test(text) || ours.has(key))
      throw new BrokenRequest(
        `its header ${JSON.stringify(key.slice(0, 40))} cannot be sent`,
      );
    if (key !== "content-length") lines.push(`${key}: ${text}`);
  }
  const length = bodyLength(request);
  if (length > 0 || bodied.has(method)) lines.push(`content-length: ${length}`);
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

/** How many bytes the body has; a stream has to say so. */
export function bodyLength({ body, headers }: Request): number {
  const said = headers["content-length"];
  const length =
    body instanceof Uint8Array ? body.byteLength : body === undefined ? 0 : -1;
  if (said === undefined && length >= 0) return length;
  const isCount = said !== undefined && /^\d{1,15}$/.test(said);
  if (!isCount || (length >= 0 && Number(said) !== length))
    throw new BrokenRequest("its content-length is not that of its body");
  return Number(said);
}
