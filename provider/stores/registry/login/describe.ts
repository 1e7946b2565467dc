import type { Code } from "../../../mirror/errors";
import type { Credential } from "../../../mirror/credential";
import type { Asked } from "../wire/wireError";

/** In words, for the message on 401 and 403: which credential was used, and who was asked for one before. */
export function describeCredential(credential: Credential | undefined): string {
  if (credential === undefined) return "anonymously";
  const { kind, source, tried = [] } = credential;
  if (kind !== "anonymous")
    return `with the credential from ${source}${without(tried)}`;
  if (source !== nowhere) return `${byWish} ${source} has it`;
  return `anonymously: no credential was found in ${tried.join(", ") || "any source"}`;
}

/** What a 401 or 403 means, and what to do about it: nobody was named, or somebody who may not. */
export function judgeDenied(
  status: number,
  { as = "anonymously", where }: Asked,
): { readonly code: Code; readonly remedy: string } {
  const isAnonymous = as.startsWith("anonymously");
  if (isAnonymous && status === 401)
    return {
      code: "AUTH_REQUIRED",
      remedy: as.startsWith(byWish)
        ? "put a login in the place of `anonymous` there"
        : "give the provider credentials for this repository, or log in to the registry",
    };
  const remedy = isAnonymous
    ? "check the name, and give the provider credentials if it is not public"
    : "check that this account may do so, and that its secret is current";
  // what is public may be refused to a login that is not for it
  const mayBePublic = !isAnonymous && where.side === "source";
  return {
    code: "AUTH_DENIED",
    remedy: mayBePublic
      ? `${remedy}; if it is public, \`{ registry, anonymous: true }\` in the provider's \`credentials\` reads it without a login`
      : remedy,
  };
}

const byWish = "anonymously, as";
/** What an anonymous credential names as its source where nobody had one. */
const nowhere = "nowhere";

function without(tried: readonly string[]): string {
  return tried.length === 0
    ? ""
    : ` (none was found before it in ${tried.join(", ")})`;
}
