import { createHash } from "node:crypto";
import { emptyConfig, manifest, type Blob } from "./artifacts";
import { cose, jws, type EnvelopeWish, type Signing } from "./notationEnvelope";
import {
  createRoot,
  type CertificateWish,
  type Issued,
  type Issuer,
  type NamePart,
} from "./pki";
import type { Sample, SampleDescriptor } from "./target";

/** Somebody who signs as notation does: a leaf, and what is above it. */
export interface NotationSigner extends Issued {
  /** leaf first, root last */
  readonly chain: readonly Issued[];
  readonly root: Issuer;
}

/** The layer types of the two envelopes. */
export const notationTypes = {
  jws: "application/jose+json",
  cose: "application/cose",
} as const;

/** One of the two envelopes. */
export type NotationForm = keyof typeof notationTypes;

/** The artifact type of Notary Project signatures. */
export const notationArtifact = "application/vnd.cncf.notary.signature";

/** The name that sample signers have. */
export const acme: readonly NamePart[] = [
  ["C", "US"],
  ["ST", "WA"],
  ["O", "acme"],
  ["CN", "release"],
];

/** A signer with a root of its own. */
export function notationSigner(
  leaf: CertificateWish = {},
  root: Issuer = createRoot({ name: "acme root" }),
): NotationSigner {
  const issued = root.issue({ name: acme, ...leaf });
  return { ...issued, chain: [issued, root], root };
}

/** A signature over an image, as a layer. */
export function notationLayer(
  subject: SampleDescriptor,
  signer: Signing,
  {
    form = "jws",
    ...wish
  }: EnvelopeWish & { readonly form?: NotationForm } = {},
): Blob {
  const write = form === "jws" ? jws : cose;
  return {
    mediaType: notationTypes[form],
    bytes: write(subject, signer, wish),
  };
}

/** The referrer that notation attaches. */
export function notationReferrer(
  subject: SampleDescriptor,
  layer: Blob,
  { chain }: Pick<Signing, "chain">,
): Sample {
  const thumbprints = chain.map(({ der }) =>
    createHash("sha256").update(der).digest("hex"),
  );
  return manifest({
    artifactType: notationArtifact,
    config: emptyConfig,
    layers: [layer],
    subject,
    annotations: {
      "io.cncf.notary.x509chain.thumbprint#S256": JSON.stringify(thumbprints),
    },
  });
}

/** What a trust policy's one statement says; the members of `trustpolicy.json`. */
export interface StatementWish {
  readonly scopes?: readonly string[];
  readonly level?: string;
  readonly override?: Readonly<Record<string, string>>;
  readonly verifyTimestamp?: string;
  readonly stores?: readonly string[];
  readonly identities?: readonly string[];
}

/** One statement as `trustpolicy.json` has it. */
export function statementOf(name: string, wish: StatementWish = {}): object {
  const { level = "strict", override, verifyTimestamp } = wish;
  return {
    name,
    registryScopes: wish.scopes ?? ["*"],
    signatureVerification: { level, override, verifyTimestamp },
    ...(level !== "skip" && {
      trustStores: wish.stores ?? ["ca:acme"],
      trustedIdentities: wish.identities ?? [
        "x509.subject: C=US, ST=WA, O=acme",
      ],
    }),
  };
}

/** A whole `trustpolicy.json`. */
export function trustPolicyOf(...statements: readonly object[]): string {
  return JSON.stringify({ version: "1.0", trustPolicies: statements });
}

/** The authority that trusts a signer's root, under one statement. */
export function trusting(
  { root }: Pick<NotationSigner, "root">,
  wish: StatementWish = {},
) {
  return {
    notation: {
      trustPolicy: trustPolicyOf(statementOf("prod", wish)),
      trustStores: { ca: { acme: [root.pem] } },
    },
  };
}
