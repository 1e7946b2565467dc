import type { Cosign } from "./cosign";
import type { SigstoreServer } from "./sigstoreServer";
import { identityToken } from "./sigstoreServer";
import type { SigstoreWorld } from "../samples/sigstoreWorld";

/** Where cosign signs, and whom it asks. */
export interface Stage {
  readonly cosign: Cosign;
  readonly world: SigstoreWorld;
  readonly server: SigstoreServer;
}

/** Who signed, for cosign and for a policy of ours. */
export type SignedBy = "key" | "loggedKey" | "identity";

/** One way in which cosign writes evidence. */
export interface CosignForm {
  readonly name: string;
  readonly by: SignedBy;
  readonly bundle: boolean;
  /** in-toto, where it is an attestation */
  readonly predicateType?: string;
}

const predicateType = "https://example.com/reviewed/v1";

/** Every form that cosign 3 can write without leaving the machine. */
export const cosignForms: readonly CosignForm[] = [
  { name: "a key's .sig", by: "key", bundle: false },
  { name: "a key's bundle", by: "key", bundle: true },
  { name: "a key's .att", by: "key", bundle: false, predicateType },
  {
    name: "a key's attestation bundle",
    by: "key",
    bundle: true,
    predicateType,
  },
  { name: "a logged key's .sig", by: "loggedKey", bundle: false },
  { name: "a logged key's bundle", by: "loggedKey", bundle: true },
  {
    name: "a logged key's .att",
    by: "loggedKey",
    bundle: false,
    predicateType,
  },
  { name: "an identity's .sig", by: "identity", bundle: false },
  { name: "an identity's bundle", by: "identity", bundle: true },
  { name: "an identity's .att", by: "identity", bundle: false, predicateType },
  {
    name: "an identity's attestation bundle",
    by: "identity",
    bundle: true,
    predicateType,
  },
];

/** Whose identity our certificates carry. */
export const who = {
  issuer: "https://token.actions.example",
  identity:
    "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main",
};

/** Lets cosign sign, or attest, a reference by digest. */
export async function signWithCosign(
  stage: Stage,
  form: CosignForm,
  reference: string,
): Promise<void> {
  const { cosign } = stage;
  const attested = form.predicateType
    ? [
        "--type",
        form.predicateType,
        "--predicate",
        cosign.file("predicate.json", '{"by":"us"}'),
      ]
    : [];
  await cosign.run(
    form.predicateType ? "attest" : "sign",
    "-y",
    ...signerOf(stage, form),
    ...servicesOf(stage, form),
    ...attested,
    reference,
  );
}

/** Lets cosign verify one form, and throws where it does not. */
export async function verifyWithCosign(
  stage: Stage,
  form: CosignForm,
  reference: string,
): Promise<void> {
  const { cosign, world } = stage;
  const root = cosign.file("trusted_root.json", world.trustedRoot);
  const signer =
    form.by === "identity"
      ? [
          "--certificate-identity",
          who.identity,
          "--certificate-oidc-issuer",
          who.issuer,
        ]
      : ["--key", "cosign.pub"];
  const logged =
    form.by === "key" ? ["--insecure-ignore-tlog"] : ["--trusted-root", root];
  await cosign.run(
    form.predicateType ? "verify-attestation" : "verify",
    ...signer,
    ...logged,
    ...(form.bundle ? [] : ["--new-bundle-format=false"]),
    ...(form.predicateType ? ["--type", form.predicateType] : []),
    reference,
  );
}

function signerOf(stage: Stage, form: CosignForm): readonly string[] {
  if (form.by !== "identity") return ["--key", "cosign.key"];
  const { issuer, identity } = who;
  return [
    "--identity-token",
    identityToken(issuer, identity, stage.world.clock),
  ];
}

/** cosign names its services in a signing config for bundles, and by flags for tags. */
function servicesOf(stage: Stage, form: CosignForm): readonly string[] {
  const { cosign, server, world } = stage;
  const none = ["--use-signing-config=false", "--tlog-upload=false"];
  const tags = form.bundle ? [] : ["--new-bundle-format=false"];
  if (form.by === "key") return [...none, ...tags];
  const root = cosign.file("trusted_root.json", world.trustedRoot);
  if (form.bundle) {
    const config = cosign.file("signing_config.json", server.signingConfig);
    return ["--signing-config", config, "--trusted-root", root];
  }
  const { origin } = server;
  const urls = ["--rekor-url", origin, "--fulcio-url", origin];
  return [
    "--use-signing-config=false",
    "--trusted-root",
    root,
    ...urls,
    ...tags,
  ];
}
