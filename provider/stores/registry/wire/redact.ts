const query = /\b(https?:\/\/[^\s"'<>?]+)\?[^\s"'<>]*/gi;
const userinfo = /\b(https?:\/\/)[^\s/@"'<>]+@/gi;
const scheme = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi;
const pair =
  /\b(password|secret|[a-z_-]*token|sig(?:nature)?|x-amz-[a-z-]+|se|sp|_state|code)(["']?\s*[=:]\s*["']?)[^\s"'&,;}]+/gi;

/** more would take long, and nobody reads it */
const maxLength = 4096;

/** Takes out of a server's words what may be a secret: queries of URLs, user names in URLs, authorization, `token=…` (§3.2). What is long is cut first. */
export function redact(text: string): string {
  return text
    .slice(0, maxLength)
    .replace(query, "$1?…")
    .replace(userinfo, "$1…@")
    .replace(scheme, "$1 …")
    .replace(pair, "$1$2…");
}

/** A URL that may stand in a message: no query, no user. */
export function safeUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
