import { z } from "zod";
import { refuse } from "../refuse";
import { rootWarnings } from "./endWarnings";
import { fulcioExtensions } from "./sigstore/fulcioExtensions";
import type { AuthorityKind } from "./kind";
import {
  name,
  patternProblems,
  refuseTwice,
} from "./sigstore/identitySettings";
import { canonicalLog, logSettings } from "./sigstore/logSettings";

const extensionShape = Object.fromEntries(
  fulcioExtensions.map((extension) => [
    extension.name,
    name
      .optional()
      .describe(`The certificate must say exactly this: ${extension.meaning}.`),
  ]),
);

const schema = z
  .strictObject({
    issuer: name.describe(
      "Who told Fulcio who the signer is, whole: `https://token.actions.githubusercontent.com`.",
    ),
    identity: name
      .optional()
      .describe("The signer's identity, whole: a URI or an e-mail address."),
    identityPattern: name
      .optional()
      .describe(
        "Instead of `identity`: an RE2 pattern that the whole identity must match. It is anchored for you.",
      ),
    extensions: z
      .strictObject(extensionShape)
      .meta({
        id: "CertificateExtensions",
        description: "Fulcio's certificate extensions, by name.",
      })
      .optional()
      .describe(
        "What the signer's certificate must say besides, each exactly.",
      ),
    ...logSettings,
  })
  .superRefine((settings, refinement) => {
    refuseTwice(settings, refinement);
    const { identity, identityPattern } = settings;
    if (identity === undefined && identityPattern === undefined) {
      refuse(refinement, {
        path: ["identity"],
        message:
          'is missing: say who must have signed, by identity or identityPattern; there is no "any"',
      });
    }
  })
  .meta({
    id: "KeylessAuthority",
    description: "A signer known by an identity that Fulcio has certified.",
  });

type KeylessSettings = z.infer<typeof schema>;

/** Vouches for what an identity has signed with a short-lived certificate. */
export const keyless: AuthorityKind<KeylessSettings> = {
  description: "Signed by this identity, without a long-lived key.",
  schema,
  async examine(settings) {
    const { examineRoots } = await import("./sigstore/trust.ts");
    return [
      ...(await patternProblems(settings)),
      ...examineRoots(settings, "identity"),
    ];
  },
  canonical: (settings) => ({
    issuer: settings.issuer,
    identity: settings.identity,
    identityPattern: settings.identityPattern,
    extensions: settings.extensions,
    ...canonicalLog(settings),
  }),
  warnings: rootWarnings,
  async prepare(settings, place) {
    const { sigstoreAuthority } = await import("./sigstore/authority.ts");
    const { wantedIdentity } = await import("./sigstore/wantedIdentity.ts");
    return sigstoreAuthority({
      ...place,
      settings,
      signer: {
        kind: "identity",
        differenceIn: wantedIdentity(settings),
        wants: wantsOf(settings),
      },
    });
  },
};

function wantsOf({
  identity,
  identityPattern,
  issuer,
}: KeylessSettings): string {
  return `${identity ?? `an identity like ${identityPattern}`} (${issuer})`;
}
