import { writes } from "../registry/recorder";
import { inScene } from "./scene";

test("sentence 8: with a destination that is not known yet, the artifact is judged, and the rest is unknown", () =>
  inScene({}, async (scene) => {
    const { digest } = await scene.publish("one");
    scene.app({ destination: { $unknown: scene.to } });
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(0);
    expect(preview.outputs).toMatchObject({
      appDigest: digest,
      appRef: "[unknown]",
    });
    expect(preview.text).toContain(`signed by key ${scene.signer.keyId}`);
    expect(scene.destination.requests).toEqual([]);
  }));

test("sentence 8: and it is refused in that preview where it is not signed", () =>
  inScene({}, async (scene) => {
    await scene.publish("one", { signed: false });
    scene.app({ destination: { $unknown: scene.to } });
    expect((await scene.engine.preview()).exitCode).toBe(1);
  }));

test.each(["source", "policy"])(
  "sentence 8: with an unknown %s nothing can be judged; the preview says so and shows the rest as unknown",
  (name) =>
    inScene({}, async (scene) => {
      await scene.publish("one");
      const unknown = name === "source" ? scene.from : { unverified: "x" };
      scene.app({ [name]: { $unknown: unknown } });
      const preview = await scene.engine.preview();
      expect(preview.exitCode).toBe(0);
      expect(preview.outputs.appRef).toBe("[unknown]");
      expect(
        preview.diagnostics.some(
          ({ severity, message }) =>
            severity === "warning" && message.includes(`${name} not known yet`),
        ),
      ).toBe(true);
      expect(writes(scene.destination.requests)).toEqual([]);
    }),
);

test("a nested value that is unknown does not hide what is wrong beside it", () =>
  inScene({}, async (scene) => {
    const keyless = { issuer: { $unknown: "https://issuer" }, identity: 5 };
    scene.app({ policy: { signedBy: [{ keyless }] } });
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toContain("policy.signedBy[0].keyless.identity");
  }));

test("a provider configuration that is not known is refused: the engine would skip the verification", () =>
  inScene({}, async (scene) => {
    await scene.publish("one", { signed: false });
    scene.declare(
      {
        app: {
          args: {
            source: scene.from,
            destination: scene.to,
            policy: scene.policy,
          },
          options: { provider: true },
        },
      },
      { registries: [{ host: { $unknown: scene.source.host } }] },
    );
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toContain("does not know yet");
  }));
