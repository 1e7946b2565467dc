import { z } from "zod";
import { material } from "../material/material";
import { refuse } from "../refuse";
import { endWarnings, rootWarnings } from "./endWarnings";
import type { AuthorityKind } from "./kind";
import {
  name,
  patternProblems,
  refuseTwice,
} from "./sigstore/identitySettings";
import { canonicalLog, logSettings } from "./sigstore/logSettings";
import {
  fingerprintOf,
  readCertificates,
  type Certificate,
} from "../x509/certificate";
import { subjectText } from "../x509/names";

const certificates = material(readCertificates);

const schema = z
  .strictObject({
    roots: z
      .array(certificates)
      .min(1)
      .max(20)
      .describe(
        "The certificate authorities that certify your signers, in PEM (`cosign verify --ca-roots`); each text may hold several.",
      ),
    intermediates: z
      .array(certificates)
      .max(20)
      .optional()
      .describe(
        "Authorities between signer and root that signatures do not bring along, in PEM (`--ca-intermediates`). They are not trusted by themselves.",
      ),
    identity: name
      .optional()
      .describe(
        "A subject alternative name of the signer's certificate, whole: a URI, an e-mail address, a DNS name.",
      ),
    identityPattern: name
      .optional()
      .describe(
        "Instead of `identity`: an RE2 pattern that the whole name must match. It is anchored for you.",
      ),
    subject: name
      .optional()
      .describe(
        "The subject of the signer's certificate as RFC 4514 writes it, whole: `CN=release,O=acme,C=US`.",
      ),
    ...logSettings,
  })
  .superRefine((settings, refinement) => {
    refuseTwice(settings, refinement);
    const { identity, identityPattern, subject } = settings;
    if ((identity ?? identityPattern ?? subject) === undefined) {
      refuse(refinement, {
        path: ["identity"],
        message:
          'is missing: say who must have signed, by identity, identityPattern or subject; there is no "any"',
      });
    }
  })
  .meta({
    id: "CertificateAuthority",
    description:
      "A signer known by a certificate from an authority of your own.",
  });

type CertificateSettings = z.infer<typeof schema>;

/** Vouches for what was signed with a certificate from one's own authority, without Fulcio. */
export const certificate: AuthorityKind<CertificateSettings> = {
  description: "Signed with a certificate that your own authority has issued.",
  schema,
  async examine(settings) {
    const { examineRoots } = await import("./sigstore/trust.ts");
    return [
      ...(await patternProblems(settings)),
      ...examineRoots(settings, "key"),
    ];
  },
  canonical: (settings) => ({
    certifiedBy: fingerprints(settings.roots),
    intermediates: fingerprints(settings.intermediates),
    identity: settings.identity,
    identityPattern: settings.identityPattern,
    subject: settings.subject,
    ...canonicalLog(settings),
  }),
  warnings: (settings, now) => [
    ...endWarnings(
      settings.roots.flatMap((pem, i) =>
        readCertificates(pem).map((root) => ({
          what: `the root ${JSON.stringify(subjectText(root))}`,
          end: root.notAfter.toISOString(),
          path: ["roots", i],
        })),
      ),
      now,
    ),
    ...rootWarnings(settings, now),
  ],
  async prepare(settings, place) {
    const { sigstoreAuthority } = await import("./sigstore/authority.ts");
    const { wantedName } = await import("./sigstore/wantedIdentity.ts");
    return sigstoreAuthority({
      ...place,
      settings,
      signer: {
        kind: "certificate",
        wants: wantsOf(settings),
        authority: {
          roots: allIn(settings.roots),
          intermediates: allIn(settings.intermediates),
          differenceIn: wantedName(settings),
        },
      },
    });
  },
};

function allIn(pems: readonly string[] = []): readonly Certificate[] {
  return pems.flatMap(readCertificates);
}

function fingerprints(pems: readonly string[] | undefined): readonly string[] {
  return [...new Set(allIn(pems).map(fingerprintOf))].sort();
}

function wantsOf(settings: CertificateSettings): string {
  const { identity, identityPattern, subject, roots } = settings;
  const names = [
    subject,
    identity,
    identityPattern && `an identity like ${identityPattern}`,
  ].filter(Boolean);
  const authorities = allIn(roots).map(subjectText);
  return `${names.join(", ")} (certified under ${authorities.join(" or ")})`;
}
