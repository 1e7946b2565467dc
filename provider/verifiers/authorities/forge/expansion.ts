import type { Authority } from "../../../mirror/ports";
import type { WantedIdentity } from "../sigstore/wantedIdentity";
import type { Place } from "../kind";
import type { LogSettings } from "../sigstore/logSettings";

/** What a forge's word stands for: an issuer, a pattern of identities, and certificate extensions. */
export interface Expansion extends WantedIdentity {
  /** the word in the catalog */
  readonly word: string;
  /** the identity in readable form, with `*` where anything may stand */
  readonly readable: string;
  /** the extensions in readable form */
  readonly conditions: Readonly<Record<string, string>>;
}

/** The expansion in one line, as the report shows it. */
export function expansionText(expansion: Expansion): string {
  const { word, issuer, readable, conditions } = expansion;
  const extensions = Object.entries(conditions).map(
    ([name, value]) => `${name} ${value}`,
  );
  const parts = [`issuer ${issuer}`, `identity ${readable}`, ...extensions];
  return `${word} expands to ${parts.join(", ")}`;
}

/** The authority of an expansion; the report shows what it stands for. */
export async function expandedAuthority(
  expansion: Expansion,
  settings: LogSettings,
  place: Place,
): Promise<Authority> {
  const { sigstoreAuthority } = await import("../sigstore/authority.ts");
  const { wantedIdentity } = await import("../sigstore/wantedIdentity.ts");
  return sigstoreAuthority({
    ...place,
    settings,
    signer: {
      kind: "identity",
      differenceIn: wantedIdentity(expansion),
      wants: `${expansion.readable} (${expansion.issuer})`,
      notes: [expansionText(expansion)],
    },
  });
}

/** Text that stands for itself in an RE2 pattern. */
export function literal(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}/-]/g, "\\$&");
}

/** A ref with wildcards as an RE2 pattern: `*` is anything without a slash, `**` anything. */
export function refPattern(ref: string): string {
  return ref
    .split(/(\*+)/)
    .map((part) => {
      if (part === "*") return "[^/]+";
      return /^\*+$/.test(part) ? ".+" : literal(part);
    })
    .join("");
}
