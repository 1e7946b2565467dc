import type { Credential } from "../../../mirror/credential";

/** In words, for the message on 401 and 403: which credential was used, and who was asked for one before. */
export function describeCredential(credential: Credential | undefined): string {
  if (credential === undefined) return "anonymously";
  const { kind, source, tried = [] } = credential;
  if (kind !== "anonymous")
    return `with the credential from ${source}${without(tried)}`;
  if (source !== nowhere) return `anonymously, as ${source} has it`;
  return `anonymously: no credential was found in ${tried.join(", ") || "any source"}`;
}

/** What an anonymous credential names as its source where nobody had one. */
const nowhere = "nowhere";

function without(tried: readonly string[]): string {
  return tried.length === 0
    ? ""
    : ` (none was found before it in ${tried.join(", ")})`;
}
