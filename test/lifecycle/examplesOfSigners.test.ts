import { image } from "../samples/artifacts";
import { attachLegacy, attachReferrer } from "../samples/attach";
import { bundleReferrer } from "../samples/bundleEvidence";
import { certifiedSigner } from "../samples/certifiedSigner";
import { signatureLayer } from "../samples/legacyEvidence";
import {
  notationLayer,
  notationReferrer,
  notationSigner,
  statementOf,
  trustPolicyOf,
} from "../samples/notation";
import { createRoot } from "../samples/pki";
import { createSigstoreWorld } from "../samples/sigstoreWorld";
import { put } from "../samples/target";
import { release } from "../unit/verifiers/ownAuthority";
import { admits, app, refuses, runExample } from "./exampleJudging";
import { onExampleStage, type ExampleStage } from "./exampleStage";

jest.setTimeout(180_000);

describe("github-release", () => {
  const issuer = "https://token.actions.githubusercontent.com";
  const workflow =
    "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/v1.4.2";

  async function released(stage: ExampleStage, identity: string) {
    const subject = await put(app(stage), image(), "1.4.2");
    const world = await createSigstoreWorld();
    const signer = await world.keyless({
      issuer,
      identity,
      extensions: {
        12: "https://github.com/acme/app",
        14: "refs/tags/v1.4.2",
      },
    });
    await attachReferrer(
      app(stage),
      await bundleReferrer(subject, signer, { log: world }),
    );
    return { subject, trustedRoots: JSON.stringify([world.trustedRoot]) };
  }

  test("admits what the repository's release workflow signed at a tag", () =>
    onExampleStage(async (stage) => {
      const { subject, trustedRoots } = await released(stage, workflow);
      const config = { trustedRoots };
      await admits(
        stage,
        runExample(stage, "github-release", { config }),
        subject,
      );
    }));

  test("refuses what a workflow of a repository with a longer name signed", () =>
    onExampleStage(async (stage) => {
      const evil = workflow.replace("acme/app", "acme/app-evil");
      const { trustedRoots } = await released(stage, evil);
      const config = { trustedRoots };
      const engine = runExample(stage, "github-release", { config });
      await refuses(stage, engine, "IDENTITY_MISMATCH");
    }));
});

describe("certificate", () => {
  const root = createRoot({ name: "acme root" });
  const signer = certifiedSigner(root.issue(release), root);

  async function signed(stage: ExampleStage) {
    const subject = await put(app(stage), image(), "1.4.2");
    const layers = [await signatureLayer(subject, signer)];
    await attachLegacy(app(stage), subject, { suffix: "sig", layers });
    return subject;
  }

  test("admits what a certificate under the company's root signed", () =>
    onExampleStage(async (stage) => {
      const subject = await signed(stage);
      const files = { "root.pem": root.pem };
      await admits(stage, runExample(stage, "certificate", { files }), subject);
    }));

  test("refuses what a certificate under another root signed", () =>
    onExampleStage(async (stage) => {
      await signed(stage);
      const files = { "root.pem": createRoot({ name: "acme root" }).pem };
      const engine = runExample(stage, "certificate", { files });
      await refuses(stage, engine, "CERT_INVALID");
    }));
});

describe("notation", () => {
  const signer = notationSigner();

  async function signed(stage: ExampleStage) {
    const subject = await put(app(stage), image(), "1.4.2");
    const layer = notationLayer(subject, signer);
    await attachReferrer(app(stage), notationReferrer(subject, layer, signer));
    return subject;
  }

  const files = (level: string) => ({
    "trustpolicy.json": trustPolicyOf(statementOf("prod", { level })),
    "acme.pem": signer.root.pem,
  });

  test("admits what the trust policy's identity signed", () =>
    onExampleStage(async (stage) => {
      const subject = await signed(stage);
      const engine = runExample(stage, "notation", { files: files("strict") });
      await admits(stage, engine, subject);
    }));

  test("refuses where the statement's level enforces nothing", () =>
    onExampleStage(async (stage) => {
      await signed(stage);
      const engine = runExample(stage, "notation", { files: files("audit") });
      await refuses(stage, engine, "NOTATION_NOT_ENFORCED");
    }));
});
