import type { WantedIdentity } from "../sigstore/wantedIdentity";
import type { Build } from "./build";

/** What a forge's word stands for: an issuer, a pattern of identities, and certificate extensions. */
export interface Expansion extends WantedIdentity {
  /** the identity in readable form, with `*` where anything may stand */
  readonly readable: string;
  /** all of it in one line, as the report shows it */
  readonly text: string;
}

/** What must stand in the certificate of whoever signs a build. */
export function expansionOf(build: Build): Expansion {
  const { word, issuer, source, ref, config } = build;
  const configRef = (config.isOwn ? ref : config.ref) ?? "**";
  const readable = `${config.uri}@${configRef}`;
  const parts = [
    `issuer ${issuer}`,
    `identity ${readable}`,
    `sourceRepositoryUri ${source}`,
    ...(ref === undefined ? [] : [`sourceRepositoryRef ${ref}`]),
  ];
  return {
    issuer,
    identityPattern: `${config.pattern}@${refPattern(configRef)}`,
    extensions: { sourceRepositoryUri: source },
    ...(ref !== undefined && {
      extensionPatterns: { sourceRepositoryRef: refPattern(ref) },
    }),
    readable,
    text: `${word} expands to ${parts.join(", ")}`,
  };
}

/** Text that stands for itself in an RE2 pattern. */
export function literal(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}/-]/g, "\\$&");
}

/** A ref with wildcards as an RE2 pattern. */
function refPattern(ref: string): string {
  return ref
    .split(/(\*+)/)
    .map((part) => {
      if (part === "*") return "[^/]+";
      return /^\*+$/.test(part) ? ".+" : literal(part);
    })
    .join("");
}
