import { scopesAsked, writes } from "../registry/recorder";
import { multiArch } from "../samples/artifacts";
import { inScene } from "./scene";

test("N64, sentence 1: a preview of something new shows the digest, who signed it and what would be copied, writes nothing and asks for pull alone", () =>
  inScene({}, async (scene) => {
    const { digest } = await scene.publish("one");
    scene.app();
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(0);
    expect(preview.steps.map(({ op }) => op)).toContain("create");
    expect(preview.outputs.appDigest).toBe(digest);
    expect(preview.outputs.appRef).toBe(
      `${scene.destination.host}/mirror/app@${digest}`,
    );
    const said = preview.diagnostics.find(({ urn }) =>
      urn.endsWith("::app"),
    )?.message;
    expect(said).toContain(
      `${scene.from}@${digest}: signed by key ${scene.signer.keyId} [signedBy[0].key]; would copy 4 blobs (`,
    );
    expect(said).toMatch(/KiB\), 1 manifest, 1 evidence manifest$/);
    expect(writes(scene.source.requests)).toEqual([]);
    expect(writes(scene.destination.requests)).toEqual([]);
    expect(scopesAsked(scene.source.requests)).toEqual([
      "repository:acme/app:pull",
    ]);
    expect(scopesAsked(scene.destination.requests)).toEqual([
      "repository:mirror/app:pull",
    ]);
    expect(scene.destination.repositories()).toEqual([]);
  }));

test("sentence 1: what is there already is not counted", () =>
  inScene({}, async (scene) => {
    await scene.publish("one", {
      sample: multiArch({ platforms: ["linux/amd64", "linux/arm64"] }),
    });
    scene.app();
    await scene.engine.up();
    scene.destination.deleteTag("mirror/app", "1");
    const preview = await scene.engine.preview();
    expect(preview.text).toContain("would copy nothing");
  }));
