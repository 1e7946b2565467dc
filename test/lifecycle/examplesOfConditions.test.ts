import { image, multiArch } from "../samples/artifacts";
import { attachLegacy, attachReferrer } from "../samples/attach";
import { bundleReferrer } from "../samples/bundleEvidence";
import { signatureLayer } from "../samples/legacyEvidence";
import { licenseScript, pluginArtifact, referrer } from "../samples/plugins";
import { keySigner, type Signer } from "../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../samples/sigstoreWorld";
import { inRegistry, put } from "../samples/target";
import { admits, app, refuses, runExample } from "./exampleJudging";
import { onExampleStage, type ExampleStage } from "./exampleStage";

jest.setTimeout(180_000);

const vendor = keySigner();
let world: SigstoreWorld;
beforeAll(async () => {
  world = await createSigstoreWorld();
});
const trustedRoots = () => JSON.stringify([world.trustedRoot]);

describe("scanned", () => {
  const scanner = keySigner();
  const config = () => ({
    vendorKey: vendor.publicKeyPem,
    scannerKey: scanner.publicKeyPem,
    trustedRoots: trustedRoots(),
  });

  async function scanned(stage: ExampleStage, critical: number, by: Signer) {
    const subject = await put(app(stage), image(), "1.4.2");
    const scan = await bundleReferrer(subject, by, {
      predicateType: "https://cosign.sigstore.dev/attestation/vuln/v1",
      predicate: { scanner: { result: { summary: { critical } } } },
      log: world,
    });
    await attachReferrer(app(stage), scan);
    return subject;
  }

  test("admits an image with a fresh clean scan, and says that the SBOM is missing", () =>
    onExampleStage(async (stage) => {
      const subject = await scanned(stage, 0, scanner);
      const engine = runExample(stage, "scanned", { config: config() });
      const { text } = await engine.preview();
      expect(text).toMatch(/attestations\[1\] is not met, and does not block/);
      await admits(stage, engine, subject);
    }));

  test("refuses one with a critical finding", () =>
    onExampleStage(async (stage) => {
      await scanned(stage, 1, scanner);
      const engine = runExample(stage, "scanned", { config: config() });
      await refuses(stage, engine, /attestations\[0\] POLICY/);
    }));
});

describe("provenance", () => {
  const repository = "https://github.com/acme/app";
  const path = ".github/workflows/release.yml";

  async function built(stage: ExampleStage, ref: string) {
    const subject = await put(app(stage), image(), "1.4.2");
    const builder = `${repository}/${path}@${ref}`;
    const signer = await world.keyless({
      issuer: "https://token.actions.githubusercontent.com",
      identity: builder,
      extensions: { 9: builder, 12: repository, 14: ref },
    });
    const statement = await bundleReferrer(subject, signer, {
      predicateType: "https://slsa.dev/provenance/v1",
      predicate: {
        buildDefinition: {
          buildType: "https://actions.github.io/buildtypes/workflow/v1",
          externalParameters: { workflow: { ref, repository, path } },
          resolvedDependencies: [{ uri: `git+${repository}@${ref}` }],
        },
        runDetails: { builder: { id: builder } },
      },
      log: world,
    });
    await attachReferrer(app(stage), statement);
    return subject;
  }

  test("admits what the release workflow built from a tag in the range", () =>
    onExampleStage(async (stage) => {
      const subject = await built(stage, "refs/tags/v1.4.2");
      const config = { trustedRoots: trustedRoots() };
      await admits(stage, runExample(stage, "provenance", { config }), subject);
    }));

  test("refuses what it built from a tag beyond the range", () =>
    onExampleStage(async (stage) => {
      await built(stage, "refs/tags/v2.0.0");
      const config = { trustedRoots: trustedRoots() };
      const engine = runExample(stage, "provenance", { config });
      await refuses(stage, engine, /provenance\[0\] POLICY[^]*2\.0\.0/);
    }));
});

describe("plugin", () => {
  async function published(stage: ExampleStage, licence: string) {
    const subject = await stage.publish("acme/app", "1.4.2", [vendor]);
    await attachReferrer(app(stage), referrer(subject, licence));
    const plugin = await put(
      inRegistry(stage.outside, "plugins/licenses"),
      pluginArtifact(licenseScript),
    );
    const config = {
      vendorKey: vendor.publicKeyPem,
      plugin: `${stage.outside.host}/plugins/licenses@${plugin.digest}`,
      allowed: `${stage.outside.host}/plugins/*`,
      registries: stage.registries,
    };
    return { subject, config };
  }

  test("admits what the plugin lets pass", () =>
    onExampleStage(async (stage) => {
      const { subject, config } = await published(stage, "MIT");
      await admits(stage, runExample(stage, "plugin", { config }), subject);
    }));

  test("refuses what the plugin refuses, in its words", () =>
    onExampleStage(async (stage) => {
      const { config } = await published(stage, "GPL-3.0-only");
      const engine = runExample(stage, "plugin", { config });
      await refuses(stage, engine, "the GPL is not allowed");
    }));

  test("refuses a plugin that the provider does not allow", () =>
    onExampleStage(async (stage) => {
      const { config } = await published(stage, "MIT");
      const engine = runExample(stage, "plugin", {
        config: { ...config, allowed: `${stage.outside.host}/other/*` },
      });
      await refuses(stage, engine, "allowedPlugins");
    }));
});

describe("platforms", () => {
  async function signed(stage: ExampleStage, platforms: readonly string[]) {
    const index = multiArch({
      platforms: ["linux/amd64", "linux/arm64"],
    });
    const subject = await put(app(stage), index, "1.4.2");
    const children = (index.children ?? []).filter(({ descriptor }) => {
      const { os, architecture } = descriptor.platform ?? {};
      return platforms.includes(`${os}/${architecture}`);
    });
    for (const { descriptor } of children) {
      const layers = [await signatureLayer(descriptor, vendor)];
      await attachLegacy(app(stage), descriptor, { suffix: "sig", layers });
    }
    return subject;
  }
  const config = { vendorKey: vendor.publicKeyPem };

  test("admits an index whose platforms are each signed", () =>
    onExampleStage(async (stage) => {
      const subject = await signed(stage, ["linux/amd64", "linux/arm64"]);
      await admits(stage, runExample(stage, "platforms", { config }), subject);
    }));

  test("refuses it when one of them is not, and names it", () =>
    onExampleStage(async (stage) => {
      await signed(stage, ["linux/amd64"]);
      const engine = runExample(stage, "platforms", { config });
      await refuses(stage, engine, /COVERAGE[^]*linux\/arm64/);
    }));
});

test("verify-first says what the policy says, and copies nothing", () =>
  onExampleStage(async (stage) => {
    const { digest } = await stage.publish("acme/app", "1.4.2", [vendor]);
    const config = { vendorKey: vendor.publicKeyPem };
    expect(
      await runExample(stage, "verify-first", { config }).up(),
    ).toMatchObject({
      exitCode: 0,
      outputs: { outcome: "verified", digest },
    });
    const stranger = { vendorKey: keySigner().publicKeyPem };
    const engine = runExample(stage, "verify-first", { config: stranger });
    expect(await engine.up()).toMatchObject({
      exitCode: 0,
      outputs: {
        outcome: "refused",
        message: expect.stringContaining("SIGNATURE_INVALID"),
      },
    });
    expect(stage.inside.requests).toEqual([]);
  }));
