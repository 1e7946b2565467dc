import { describe, image, index } from "../samples/artifacts";
import {
  attachByFallback,
  attachLegacy,
  attachReferrer,
} from "../samples/attach";
import { bundleReferrer } from "../samples/bundleEvidence";
import { signatureLayer } from "../samples/legacyEvidence";
import { keySigner } from "../samples/signers";
import { put } from "../samples/target";
import { inScene } from "./scene";

/** Where signing tools are misled by what a registry or a stranger with push rights shows them, and a gate must not be. */

test("a stranger's bundle does not hide a good legacy signature (cosign 3 reads bundles only, once there is one)", () =>
  inScene({}, async (scene) => {
    const subject = await scene.publish("one");
    await attachReferrer(
      scene.vendor,
      await bundleReferrer(subject, keySigner()),
    );
    scene.app();
    expect(await scene.engine.up()).toMatchObject({ exitCode: 0 });
    expect(scene.engine.resource("app")?.outputs).toMatchObject({
      verification: {
        requirements: [{ outcome: "passed", signers: [{}] }],
      },
      attached: { count: 2 },
    });
  }));

test("a stranger's legacy signature does not hide a good bundle", () =>
  inScene({}, async (scene) => {
    const subject = await scene.publish("one", { signer: keySigner() });
    await attachReferrer(
      scene.vendor,
      await bundleReferrer(subject, scene.signer),
    );
    scene.app();
    expect(await scene.engine.up()).toMatchObject({ exitCode: 0 });
  }));

test("T24: a good signature of another image, listed for this one, admits nothing", () =>
  inScene({ source: { referrersApi: false } }, async (scene) => {
    const other = await put(scene.vendor, image({ seed: "other" }), "other");
    const subject = await scene.publish("one", { signed: false });
    await attachByFallback(
      scene.vendor,
      subject,
      await bundleReferrer(other, scene.signer),
    );
    scene.app();
    const { exitCode, text } = await scene.engine.preview();
    expect(exitCode).toBe(1);
    expect(text).toContain("signedBy NO_EVIDENCE");
    expect(text).toMatch(/set aside: \S+: .*its subject is/);
  }));

test.each([500])(
  "a referrers listing that answers %s is not taken for an unsigned image",
  (status) =>
    inScene({}, async (scene) => {
      await scene.publish("one");
      scene.source.misbehave({
        path: /\/referrers\//,
        times: Infinity,
        action: { status },
      });
      scene.app();
      const { exitCode, text } = await scene.engine.preview();
      expect(exitCode).toBe(1);
      expect(text).not.toContain("NO_EVIDENCE");
      expect(text).toContain(`${status}`);
    }),
);

test("nor is one that is denied, though nothing else answers ill: the verdict is inconclusive", () =>
  inScene({}, async (scene) => {
    await scene.publish("one", { signed: false });
    scene.source.misbehave({
      path: /\/referrers\//,
      times: Infinity,
      action: { status: 403 },
    });
    scene.app();
    const { exitCode, text } = await scene.engine.preview();
    expect(exitCode).toBe(1);
    expect(text).toContain("signedBy UNLISTED");
    expect(text).toContain("HTTP 403");
  }));

test("a signature under a cosign tag counts where the registry has no referrers API at all", () =>
  inScene(
    { source: { referrersApi: false }, destination: { referrersApi: false } },
    async (scene) => {
      await scene.publish("one");
      scene.app();
      expect(await scene.engine.up()).toMatchObject({ exitCode: 0 });
    },
  ));

test("a document that is manifest and index at once is refused, however well it is signed", () =>
  inScene({}, async (scene) => {
    const one = image({ seed: "one" });
    await put(scene.vendor, one);
    const both = {
      ...JSON.parse(index([one]).bytes.toString()),
      ...JSON.parse(one.bytes.toString()),
    };
    const bytes = Buffer.from(
      JSON.stringify({ ...both, mediaType: undefined }),
    );
    const { mediaType } = one.descriptor;
    const descriptor = describe({ mediaType, bytes });
    const subject = await put(scene.vendor, { ...one, bytes, descriptor }, "1");
    await attachLegacy(scene.vendor, subject, {
      suffix: "sig",
      layers: [await signatureLayer(subject, scene.signer)],
    });
    scene.app();
    const { exitCode, text } = await scene.engine.preview();
    expect(exitCode).toBe(1);
    expect(text).toContain("could not take the manifest");
  }));
