import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { inScene, type Scene } from "./scene";
import { canary } from "./witness";

/** Everything a run leaves behind: what was printed, what was answered, and what state holds. */
function traces(
  scene: Scene,
  reports: readonly Awaited<ReturnType<Scene["engine"]["up"]>>[],
): string {
  const files = readdirSync(scene.folder).filter(
    (name) =>
      name !== "declared.json" && statSync(join(scene.folder, name)).isFile(),
  );
  const said = reports.map(
    ({ text, diagnostics, outputs, state, programOutput }) => ({
      text,
      diagnostics,
      outputs,
      state,
      programOutput,
    }),
  );
  return (
    JSON.stringify(said) +
    files
      .map((name) => readFileSync(join(scene.folder, name), "utf8"))
      .join("\n")
  );
}

test("G13, sentence 8: no secret is in clear in state, logs, errors or outputs, whatever happens", () =>
  inScene(
    { engine: { secretConfig: ["artifact-mirror:credentials"] } },
    async (scene) => {
      await scene.publish("one");
      scene.app();
      const reports = [
        await scene.engine.preview(),
        await scene.engine.up(),
        await scene.engine.preview(),
      ];
      await scene.publish("two", { signed: false });
      reports.push(await scene.engine.preview());
      scene.source.misbehave({
        path: /manifests/,
        times: 1000,
        action: { status: 401, body: `go away ${canary}` },
      });
      reports.push(
        await scene.engine.preview(),
        await scene.engine.refresh(),
        await scene.engine.destroy(),
      );
      expect(reports.map(({ exitCode }) => exitCode)).toEqual([
        0,
        0,
        0,
        1,
        expect.any(Number),
        0,
        0,
      ]);
      expect(traces(scene, reports)).not.toContain(canary);
    },
  ));

test("sentence 8: a secret key of a policy stays secret in inputs, and its verdict is secret too", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    const publicKey = { $secret: scene.signer.publicKeyPem };
    scene.app({
      policy: { signedBy: [{ key: { publicKey, tlog: "not-required" } }] },
    });
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(0);
    expect(up.outputs.appVerification).toBe("[secret]");
    expect(JSON.stringify(up.state)).not.toContain(
      scene.signer.publicKeyPem.split("\n")[1],
    );
    expect(
      (await scene.engine.preview({ expectNoChanges: true })).exitCode,
    ).toBe(0);
  }));

test("a secret that is wrong is not printed by the failure that it causes", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    scene.app({
      policy: {
        signedBy: [{ key: { publicKey: { $secret: `not a key ${canary}` } } }],
      },
    });
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toContain("policy.signedBy[0].key.publicKey");
    expect(preview.text).not.toContain(canary);
  }));
