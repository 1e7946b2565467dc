import type { Evidence } from "../../provider/mirror/ports";
import type {
  AuthorityInput,
  AuthorityWord,
} from "../../provider/verifiers/authorities/catalog";
import { certifiedSigner } from "../samples/certifiedSigner";
import { createRoot, extensions } from "../samples/pki";
import { signPredicate } from "../samples/bundleEvidence";
import { dsseBundle } from "../samples/bundleEvidence";
import { attestationLayer, signatureLayer } from "../samples/legacyEvidence";
import { notationSigner, trusting } from "../samples/notation";
import { keySigner, type Signer } from "../samples/signers";
import type { SigstoreWorld } from "../samples/sigstoreWorld";
import type { SampleDescriptor } from "../samples/target";
import { notarized } from "../unit/verifiers/notarized";
import { bundleLayer, evidenceOf } from "../unit/verifiers/world";

/** Makes good evidence about a subject. */
export type Form = (subject: SampleDescriptor) => Promise<Evidence>;

/** What a kind of authority needs to be put through the contract. */
export interface AuthoritySamples {
  /** whom the evidence is by */
  readonly right: AuthorityInput;
  /** somebody else of the same kind, whom the same evidence must not satisfy */
  readonly wrong: AuthorityInput;
  /** every form that the kind reads */
  readonly forms: Readonly<Record<string, Form>>;
}

/** Samples of every kind in the catalog: a new word does not compile until it has its own. */
export const authoritySamples: Readonly<
  Record<AuthorityWord, (world: SigstoreWorld) => Promise<AuthoritySamples>>
> = {
  key: async (world) => {
    const trustedRoots = [world.trustedRoot];
    const [right, wrong] = [keySigner(), keySigner()];
    const settings = ({ publicKeyPem: publicKey }: Signer) => ({
      key: { publicKey, trustedRoots },
    });
    return {
      right: settings(right),
      wrong: settings(wrong),
      forms: cosignForms(world, right),
    };
  },
  keyless: async (world) => {
    const trustedRoots = [world.trustedRoot];
    const issuer = "https://issuer.example";
    const identity = "https://acme.example/release@refs/tags/v1";
    const signer = await world.keyless({ issuer, identity });
    return {
      right: { keyless: { issuer, identity, trustedRoots } },
      wrong: { keyless: { issuer, identity: `${identity}0`, trustedRoots } },
      forms: cosignForms(world, signer),
    };
  },
  certificate: (world) => {
    const trustedRoots = [world.trustedRoot];
    const root = createRoot();
    const middle = root.authority();
    const more = [extensions.uris("https://acme.example/release")];
    const leaf = middle.issue({ name: "release", more });
    const settings = (subject: string) => ({
      certificate: {
        roots: [root.pem],
        intermediates: [middle.pem], // a bundle brings the leaf alone
        identity: "https://acme.example/release",
        subject,
        trustedRoots,
      },
    });
    return Promise.resolve({
      right: settings("CN=release"),
      wrong: settings("CN=releas"),
      forms: cosignForms(world, certifiedSigner(leaf, middle, root)),
    });
  },
  github: async (world) => {
    const trustedRoots = [world.trustedRoot];
    const signer = await world.keyless({
      issuer: "https://token.actions.githubusercontent.com",
      identity:
        "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1",
      extensions: { 12: "https://github.com/acme/app", 14: "refs/tags/v1" },
    });
    const settings = (repository: string) => ({
      github: { repository, ref: "refs/tags/v*", trustedRoots },
    });
    return {
      right: settings("acme/app"),
      wrong: settings("acme/ap"),
      forms: cosignForms(world, signer),
    };
  },
  gitlab: async (world) => {
    const trustedRoots = [world.trustedRoot];
    const signer = await world.keyless({
      issuer: "https://gitlab.com",
      identity:
        "https://gitlab.com/acme/team/app//.gitlab-ci.yml@refs/heads/main",
      extensions: {
        12: "https://gitlab.com/acme/team/app",
        14: "refs/heads/main",
      },
    });
    const settings = (project: string) => ({
      gitlab: { project, ref: "refs/heads/main", trustedRoots },
    });
    return {
      right: settings("acme/team/app"),
      wrong: settings("acme/team/ap"),
      forms: cosignForms(world, signer),
    };
  },
  notation: () => {
    const [right, wrong] = [notationSigner(), notationSigner()];
    return Promise.resolve({
      right: trusting(right),
      wrong: trusting(wrong),
      forms: {
        JWS: (subject) => Promise.resolve(notarized(subject, right)),
        COSE: (subject) =>
          Promise.resolve(notarized(subject, right, { form: "cose" })),
      },
    });
  },
};

function cosignForms(
  log: SigstoreWorld,
  signer: Signer,
): Readonly<Record<string, Form>> {
  const predicateType = "https://spdx.dev/Document";
  return {
    "legacy signature": async (subject) =>
      evidenceOf(
        subject,
        await signatureLayer(subject, signer, { log }),
        "sig",
      ),
    "legacy attestation": async (subject) =>
      evidenceOf(
        subject,
        await attestationLayer(subject, signer, { predicateType, log }),
        "att",
      ),
    "legacy attestation of cosign before 2.2": async (subject) =>
      evidenceOf(
        subject,
        await attestationLayer(subject, signer, {
          predicateType,
          kind: "intoto",
          log,
        }),
        "att",
      ),
    "bundle of a signature": async (subject) =>
      evidenceOf(
        subject,
        bundleLayer(
          await dsseBundle(subject, signer, {
            predicateType: signPredicate,
            log,
          }),
        ),
      ),
    "bundle of an attestation": async (subject) =>
      evidenceOf(
        subject,
        bundleLayer(await dsseBundle(subject, signer, { predicateType, log })),
      ),
  };
}
