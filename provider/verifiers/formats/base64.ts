import { Refusal } from "../refusal";

const standard = /^[A-Za-z0-9+/]*={0,2}$/;
const urlSafe = /^[A-Za-z0-9_-]*={0,2}$/;

/** Whether the text is the one right base64 spelling of some bytes, in either alphabet; padding may lack in the URL-safe one only. */
export function isBase64(text: string): boolean {
  if (standard.test(text)) {
    return Buffer.from(text, "base64").toString("base64") === text;
  }
  const bare = text.replace(/=+$/, "");
  const unpadded = bare.length === text.length || text.length % 4 === 0;
  return (
    urlSafe.test(text) &&
    unpadded &&
    Buffer.from(bare, "base64url").toString("base64url") === bare
  );
}

/** A text that a user wrote as base64, without its white space; `undefined` for any other, and for PEM, whose letters may be those of URL-safe base64. */
export function bareBase64(text: string): string | undefined {
  const bare = text.replaceAll(/\s/g, "");
  return !bare.startsWith("-----") && isBase64(bare) ? bare : undefined;
}

/** The bytes of a base64 text. Throws `MALFORMED` where Go's decoders would. */
export function decodeBase64(text: string, what: string): Buffer {
  if (isBase64(text)) return Buffer.from(text, "base64");
  throw new Refusal("MALFORMED", `${what} is not base64`);
}
