import type { Problem } from "../../problem";
import { rootWarnings } from "../endWarnings";
import type { AuthorityKind } from "../kind";
import { canonicalLog, type LogSettings } from "../sigstore/logSettings";
import type { Build } from "./build";
import { expansionOf } from "./expansion";

/** What one forge's word is made of. */
export interface Forge<Settings> extends Pick<
  AuthorityKind<Settings>,
  "description" | "schema"
> {
  readonly buildOf: (settings: Settings) => Build;
}

/** The kind of authority that stands for builds in a forge: keyless, with issuer, identity and extensions that follow from the build. */
export function forgeKind<Settings extends LogSettings>({
  description,
  schema,
  buildOf,
}: Forge<Settings>): AuthorityKind<Settings> {
  return {
    description,
    schema,
    async examine(settings) {
      const { examineRoots } = await import("../sigstore/trust.ts");
      return [
        ...problemsOf(buildOf(settings)),
        ...examineRoots(settings, "identity"),
      ];
    },
    canonical: (settings) => ({
      expansion: expansionOf(buildOf(settings)).text,
      ...canonicalLog(settings),
    }),
    warnings: rootWarnings,
    async prepare(settings, place) {
      const { sigstoreAuthority } = await import("../sigstore/authority.ts");
      const { wantedIdentity } = await import("../sigstore/wantedIdentity.ts");
      const expansion = expansionOf(buildOf(settings));
      return sigstoreAuthority({
        ...place,
        settings,
        signer: {
          kind: "identity",
          differenceIn: wantedIdentity(expansion),
          wants: `${expansion.readable} (${expansion.issuer})`,
          notes: [expansion.text],
        },
      });
    },
  };
}

function problemsOf({ config }: Build): readonly Problem[] {
  if (!config.isOwn || config.ref === undefined) return [];
  const reason = `names a ref: for ${config.own}, say ref`;
  return [{ path: [config.property], reason }];
}
