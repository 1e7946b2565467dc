/** Reads `user:secret` in base64, as Docker and ECR write it (some writers pad it with NULs); `undefined` where either is missing. */
export function decodeLogin(
  text: string,
): { readonly username: string; readonly secret: string } | undefined {
  const login = Buffer.from(text, "base64").toString("utf8");
  const colon = login.indexOf(":");
  const username = login.slice(0, Math.max(colon, 0));
  const secret = login.slice(colon + 1).replace(/\0+$/, "");
  return username === "" || secret === "" ? undefined : { username, secret };
}
