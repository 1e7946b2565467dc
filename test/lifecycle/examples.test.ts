import { join } from "node:path";
import { existsSync } from "node:fs";
import { writes } from "../registry/recorder";
import { attachReferrer } from "../samples/attach";
import { bundleReferrer } from "../samples/bundleEvidence";
import { chart } from "../samples/otherArtifacts";
import { createSigstoreWorld } from "../samples/sigstoreWorld";
import { keySigner, type KeySigner } from "../samples/signers";
import { inRegistry, put } from "../samples/target";
import { onExampleStage, type ExampleStage } from "./exampleStage";

jest.setTimeout(180_000);

const vendor = keySigner();

test("main-job mirrors a signed image into an ECR repository of the same run", () =>
  onExampleStage(async ({ outside, inside, publish, start }) => {
    const app = await publish("acme/app", "1.4.2", [vendor]);
    const engine = start("main-job", {
      config: {
        "main-job:source": `${outside.host}/acme/app:1.4.2`,
        "main-job:vendorKey": vendor.publicKeyPem,
      },
      foreign: {
        resources: {
          "aws:ecr/repository:Repository": ({ name }) => ({
            repositoryUrl: `${inside.host}/${String(name)}`,
          }),
        },
      },
    });
    expect(await engine.preview()).toMatchObject({ exitCode: 0 });
    expect(writes(inside.requests)).toEqual([]);
    expect(await engine.up()).toMatchObject({
      exitCode: 0,
      outputs: {
        image: `${inside.host}/mirror/app@${app.digest}`,
        signers: [{ authority: "signedBy[0].key", keyId: vendor.keyId }],
      },
    });
    expect(inside.tag("mirror/app", "1.4.2")).toBe(app.digest);
    const again = await engine.preview({ expectNoChanges: true });
    expect(again).toMatchObject({ exitCode: 0 });
  }));

test("main-job fails in preview when the image is not signed by the vendor's key", () =>
  onExampleStage(async ({ outside, inside, publish, start }) => {
    await publish("acme/app", "1.4.2", [keySigner()]);
    const engine = start("main-job", {
      config: {
        "main-job:source": `${outside.host}/acme/app:1.4.2`,
        "main-job:vendorKey": vendor.publicKeyPem,
      },
    });
    const preview = await engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toContain("/acme/app:1.4.2");
    expect(writes(inside.requests)).toEqual([]);
  }));

test("chart mirrors a Helm chart that a release workflow signed", () =>
  onExampleStage(async ({ outside, inside, start }) => {
    const world = await createSigstoreWorld();
    const target = inRegistry(outside, "acme/charts/podinfo");
    const podinfo = await put(target, chart(), "6.7.1");
    const workflow = await world.keyless({
      issuer: "https://token.actions.githubusercontent.com",
      identity:
        "https://github.com/acme/podinfo/.github/workflows/release.yml@refs/tags/6.7.1",
    });
    const evidence = await bundleReferrer(podinfo, workflow, { log: world });
    await attachReferrer(target, evidence);
    const engine = start("chart", {
      config: {
        "chart:source": `${outside.host}/acme/charts/podinfo`,
        "chart:destination": `${inside.host}/charts/podinfo`,
        "chart:trustedRoots": JSON.stringify([world.trustedRoot]),
      },
    });
    expect(await engine.up()).toMatchObject({
      exitCode: 0,
      outputs: {
        repository: `oci://${inside.host}/charts/podinfo`,
        digest: podinfo.digest,
      },
    });
    expect(inside.tag("charts/podinfo", "6.7.1")).toBe(podinfo.digest);
    expect(
      inside.manifest("charts/podinfo", evidence.descriptor.digest),
    ).toBeDefined();
  }));

test("shared-policy admits what two of the three vendors' keys have signed", () =>
  onExampleStage(async (stage) => {
    const { inside, publish, start } = stage;
    const keys = [keySigner(), keySigner(), keySigner()];
    const app = await publish("acme/app", "1.4.2", keys.slice(0, 2));
    const worker = await publish("acme/worker", "1.4.2", keys.slice(1));
    const engine = start("shared-policy", {
      config: sharedConfig(stage, keys),
    });
    expect(await engine.up()).toMatchObject({
      exitCode: 0,
      outputs: {
        images: {
          app: `${inside.host}/mirror/app@${app.digest}`,
          worker: `${inside.host}/mirror/worker@${worker.digest}`,
        },
      },
    });
  }));

test("shared-policy refuses what only one of them has signed", () =>
  onExampleStage(async (stage) => {
    const { publish, start } = stage;
    const keys = [keySigner(), keySigner(), keySigner()];
    await publish("acme/app", "1.4.2", keys.slice(0, 1));
    await publish("acme/worker", "1.4.2", keys.slice(1));
    const engine = start("shared-policy", {
      config: sharedConfig(stage, keys),
    });
    const preview = await engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toContain("/acme/app:1.4.2");
  }));

test("air-gap carries an artifact and its evidence through a folder, judged on both sides", () =>
  onExampleStage(async ({ outside, inside, publish, project, engineOf }) => {
    const app = await publish("acme/app", "1.4.2", [vendor]);
    const config = {
      "air-gap:source": `${outside.host}/acme/app:1.4.2`,
      "air-gap:destination": `${inside.host}/mirror/app:1.4.2`,
      "air-gap:vendorKey": vendor.publicKeyPem,
    };
    const folder = project("air-gap");
    const stack = (side: string) =>
      engineOf(folder, "air-gap", {
        stack: side,
        config: { ...config, "air-gap:side": side },
      });
    expect(await stack("outside").up()).toMatchObject({
      exitCode: 0,
      outputs: { image: `oci:./carried@${app.digest}` },
    });
    expect(existsSync(join(folder.path, "carried", "oci-layout"))).toBe(true);
    expect(inside.requests).toEqual([]);
    await outside.close();
    expect(await stack("inside").up()).toMatchObject({
      exitCode: 0,
      outputs: { digest: app.digest },
    });
    expect(inside.tag("mirror/app", "1.4.2")).toBe(app.digest);
  }));

function sharedConfig(
  { outside, inside, registries }: ExampleStage,
  keys: readonly KeySigner[],
): Record<string, string> {
  return {
    "shared-policy:vendor": `${outside.host}/acme`,
    "shared-policy:internal": `${inside.host}/mirror`,
    "shared-policy:vendorKeys": JSON.stringify(
      keys.map(({ publicKeyPem }) => publicKeyPem),
    ),
    "shared-policy:registries": registries,
  };
}
