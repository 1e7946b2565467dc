import { keySigner } from "../samples/signers";
import { writes } from "../registry/recorder";
import { inScene, type AskedFunction, type Scene } from "./scene";
import { canary } from "./witness";

/** Declares one question about the scene's artifact, and nothing else. */
function ask(
  scene: Scene,
  args: Readonly<Record<string, unknown>> = {},
  how: Omit<AskedFunction, "args"> = {},
): void {
  const { from: source, policy } = scene;
  scene.declare({}, undefined, {
    it: { args: { source, policy, ...args }, ...how },
  });
}

test.each<[string, boolean]>([
  ["the direct form", true],
  ["the output form", false],
])(
  "%s: what is signed is verified, in preview and in up, and nothing is copied",
  (_, direct) =>
    inScene({}, async (scene) => {
      const { digest } = await scene.publish("one");
      ask(scene, {}, { direct });
      for (const report of [
        await scene.engine.preview(),
        await scene.engine.up(),
      ]) {
        expect(report.text).not.toContain("error");
        expect(report.exitCode).toBe(0);
        expect(report.outputs.itAnswer).toMatchObject({
          source: scene.from,
          digest,
          ref: `${scene.source.host}/acme/app@${digest}`,
          outcome: "verified",
          report: {
            outcome: "verified",
            requirements: [
              {
                name: "signedBy",
                code: "OK",
                signers: [{ keyId: scene.signer.keyId }],
              },
            ],
          },
        });
      }
      expect(writes(scene.destination.requests)).toEqual([]);
      expect(writes(scene.source.requests)).toEqual([]);
      const again = await scene.engine.preview();
      expect(again.outputs.itAnswer).toEqual(
        (await scene.engine.preview()).outputs.itAnswer,
      );
    }),
);

const stranger = () => ({
  signedBy: [
    { key: { publicKey: keySigner().publicKeyPem, tlog: "not-required" } },
  ],
});

test("without enforce, a refusal is an answer: the report, and the words of the refusal", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    ask(scene, { policy: stranger() });
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(0);
    expect(preview.outputs.itAnswer).toMatchObject({
      outcome: "refused",
      message: expect.stringContaining("refused by policy"),
      report: {
        outcome: "refused",
        requirements: [{ name: "signedBy", outcome: "failed" }],
      },
    });
  }));

test.each([true, false])(
  "with enforce, a refusal fails the preview and the up (direct form: %s)",
  (direct) =>
    inScene({}, async (scene) => {
      await scene.publish("one");
      ask(scene, { policy: stranger(), enforce: true }, { direct });
      for (const report of [
        await scene.engine.preview(),
        await scene.engine.up(),
      ]) {
        expect(report.exitCode).toBe(1);
        expect(report.text).toContain("refused by policy");
        expect(report.text).toContain("signedBy");
      }
    }),
);

test("what only warns names the artifact that was asked about", () =>
  inScene({}, async (scene) => {
    const { digest } = await scene.publish("one");
    const { publicKeyPem: publicKey } = scene.signer;
    const by = [{ key: { publicKey, tlog: "not-required" } }];
    const attestations = [{ type: "vuln", by, mode: "warn" }];
    ask(scene, { policy: { ...scene.policy, attestations } });
    const { text } = await scene.engine.preview();
    expect(text).toContain(
      `${scene.from}@${digest}: attestations[0] is not met, and does not block`,
    );
  }));

test("an unsigned artifact is refused with NO_EVIDENCE; unverified says why it is let in", () =>
  inScene({}, async (scene) => {
    await scene.publish("one", { signed: false });
    ask(scene);
    const refused = await scene.engine.preview();
    expect(refused.outputs.itAnswer).toMatchObject({
      outcome: "refused",
      report: { requirements: [{ code: "NO_EVIDENCE" }] },
    });
    ask(scene, { policy: { unverified: "ticket 1" } });
    const loose = await scene.engine.preview();
    expect(loose.outputs.itAnswer).toMatchObject({
      outcome: "unverified",
      report: { reason: "ticket 1" },
    });
  }));

test("a pinned digest is judged, whatever the tag names now", () =>
  inScene({}, async (scene) => {
    const { digest } = await scene.publish("one");
    await scene.publish("two", { signed: false });
    ask(scene, { digest });
    const { outputs } = await scene.engine.preview();
    expect(outputs.itAnswer).toMatchObject({ digest, outcome: "verified" });
  }));

test("the output form waits for what preview does not know, and answers in up", () =>
  inScene(
    {
      engine: {
        foreign: {
          resources: { "foreign:index:Thing": () => ({ result: "there" }) },
        },
      },
    },
    async (scene) => {
      await scene.publish("one");
      ask(scene, { source: { $unknown: scene.from } });
      const preview = await scene.engine.preview();
      expect(preview.exitCode).toBe(0);
      expect(preview.outputs.itAnswer).toBe("[unknown]");
      expect(preview.calls.map(({ method }) => method)).not.toContain("Invoke");
      const up = await scene.engine.up();
      expect(up.exitCode).toBe(0);
      expect(up.outputs.itAnswer).toMatchObject({ outcome: "verified" });
    },
  ));

test("where an argument is secret, so is the answer", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    const publicKey = { $secret: scene.signer.publicKeyPem };
    ask(scene, {
      policy: { signedBy: [{ key: { publicKey, tlog: "not-required" } }] },
    });
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(0);
    expect(up.outputs.itAnswer).toBe("[secret]");
  }));

test("a wrong password fails the call, and is not shown", () =>
  inScene(
    {
      source: { users: { mirror: { password: "another", allows: ["*:*:*"] } } },
    },
    async (scene) => {
      await scene.publish("one");
      ask(scene);
      const preview = await scene.engine.preview();
      expect(preview.exitCode).toBe(1);
      expect(preview.text).toMatch(/401|denied|AUTH/i);
      expect(preview.text).not.toContain(canary);
    },
  ));

test("an explicit provider brings its shared policies, credentials and floor", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    const provider = {
      registries: [{ host: scene.source.host, plainHttp: true }],
      credentials: [
        {
          registry: scene.source.host,
          username: "mirror",
          password: { $secret: canary },
        },
      ],
      policies: { vendors: scene.policy },
      allowUnverified: false,
    };
    const args = { source: scene.from, policy: { use: "vendors" } };
    scene.declare({}, provider, { it: { args, provider: true } });
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(0);
    expect(up.outputs.itAnswer).toMatchObject({ outcome: "verified" });
    scene.declare({}, provider, {
      it: {
        args: { ...args, policy: { unverified: "x" } },
        provider: true,
      },
    });
    const floor = await scene.engine.preview();
    expect(floor.exitCode).toBe(1);
    expect(floor.text).toMatch(/allowUnverified: false/);
  }));

test("the dynamic package asks in the program itself, with the stack's configuration", () =>
  inScene({ dynamic: true }, async (scene) => {
    const { digest } = await scene.publish("one");
    ask(scene, {}, { direct: true });
    const verified = await scene.engine.preview();
    expect(verified.exitCode).toBe(0);
    expect(verified.outputs.itAnswer).toMatchObject({
      digest,
      outcome: "verified",
    });
    ask(scene, { policy: stranger(), enforce: true }, { direct: true });
    const refused = await scene.engine.preview();
    expect(refused.exitCode).toBe(1);
    expect(refused.text).toContain("refused by policy");
  }));

test.each<[string, object, RegExp]>([
  ["no reference", { source: "Not A Reference" }, /source/],
  ["a source without a tag", { source: "reg.example/acme/app" }, /source/],
  ["an empty policy", { policy: {} }, /policy.*empty|empty.*policy/s],
  ["an unknown shared policy", { policy: { use: "nobody" } }, /nobody/],
  ["no platform", { platforms: ["linux"] }, /platforms\[0\]/],
  ["no repository", { repositories: ["A B"] }, /repositories\[0\]/],
  ["a digest that is none", { digest: "sha256:1" }, /digest/],
])("%s fails the call, at the property", (_, args, expected) =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    ask(scene, { ...args });
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toMatch(expected);
  }),
);
