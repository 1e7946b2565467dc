import { keySigner } from "../samples/signers";
import { writes } from "../registry/recorder";
import { inScene, type Scene } from "./scene";
import { canary } from "./witness";

const reason = "vendor does not sign yet, ticket 123";

test("sentence 7: unverified lets in, and its reason stands in the preview, in state and in the output", () =>
  inScene({}, async (scene) => {
    await scene.publish("one", { signed: false });
    scene.app({ policy: { unverified: reason } });
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(0);
    expect(preview.text).toContain(`NOT VERIFIED: ${reason}`);
    const up = await scene.engine.up();
    expect(up.outputs.appVerification).toMatchObject({
      outcome: "unverified",
      reason,
    });
    expect(scene.engine.resource("app")?.outputs.verification).toMatchObject({
      outcome: "unverified",
      reason,
    });
    scene.app({ policy: { unverified: "another reason" } });
    const changed = await scene.engine.preview();
    expect(changed.text).toContain("another reason");
    expect(
      changed.steps.find(({ op }) => op === "update")?.diff,
    ).toHaveProperty(["policy.unverified"]);
  }));

test("sentence 7: a provider that says allowUnverified false refuses it at the property", () =>
  inScene(
    {
      provider: {
        allowUnverified: false,
        policies: { loose: { unverified: reason } },
      },
    },
    async (scene) => {
      await scene.publish("one", { signed: false });
      for (const policy of [{ unverified: reason }, { use: "loose" }]) {
        scene.app({ policy });
        const preview = await scene.engine.preview();
        expect(preview.exitCode).toBe(1);
        expect(preview.text).toMatch(
          /policy\.unverified.*allowUnverified: false/,
        );
      }
    },
  ));

const key = (members: object) => ({ signedBy: [{ key: members }] });
test.each<[string, object | undefined, RegExp]>([
  ["no policy", undefined, /policy/],
  ["an empty policy", {}, /policy.*empty/],
  [
    "a policy in which nothing blocks",
    { ...key({ publicKey: keySigner().publicKeyPem }), signedByMode: "warn" },
    /policy.*blocks nothing/,
  ],
  [
    "unverified beside another word",
    { unverified: "x", ...key({ publicKey: keySigner().publicKeyPem }) },
    /policy\.unverified.*excludes/,
  ],
  ["an empty reason", { unverified: " " }, /policy\.unverified/],
  ["an empty list of signers", { signedBy: [] }, /policy/],
  ["a signer of no kind", { signedBy: [{}] }, /policy\.signedBy\[0\]/],
  [
    "a key rule without a key",
    key({}),
    /policy\.signedBy\[0\]\.key\.publicKey/,
  ],
  [
    "a keyless rule without an issuer",
    { signedBy: [{ keyless: { identity: "x" } }] },
    /policy\.signedBy\[0\]\.keyless\.issuer/,
  ],
  [
    "a keyless rule without an identity",
    { signedBy: [{ keyless: { issuer: "https://x" } }] },
    /policy\.signedBy\[0\]\.keyless/,
  ],
  [
    "a key that is none",
    key({ publicKey: "no PEM" }),
    /policy\.signedBy\[0\]\.key\.publicKey/,
  ],
  [
    "a pattern that does not compile",
    { signedBy: [{ keyless: { issuer: "https://x", identityPattern: "(" } }] },
    /policy\.signedBy\[0\]\.keyless\.identityPattern/,
  ],
  [
    "a shared policy that the provider does not have",
    { use: "nobody" },
    /policy\.use.*no policy named "nobody"/,
  ],
])(
  "sentence 7: %s is an error at the property, in preview",
  (_, policy, expected) =>
    inScene({}, async (scene) => {
      await scene.publish("one");
      scene.app({ policy });
      const preview = await scene.engine.preview();
      expect(preview.exitCode).toBe(1);
      expect(preview.text).toMatch(expected);
      expect(writes(scene.destination.requests)).toEqual([]);
    }),
);

test("sentence 7: a shared policy is taken by name, and when it changes every user of it is judged again", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    const declare = (signer: Scene["signer"]) => {
      const registries = [scene.source, scene.destination].map(({ host }) => ({
        host,
        plainHttp: true,
      }));
      const credentials = [scene.source, scene.destination].map(({ host }) => ({
        registry: host,
        username: "mirror",
        password: { $secret: canary },
      }));
      const policies = {
        vendors: {
          signedBy: [
            { key: { publicKey: signer.publicKeyPem, tlog: "not-required" } },
          ],
        },
      };
      scene.declare(
        {
          app: {
            args: {
              source: scene.from,
              destination: scene.to,
              policy: { use: "vendors" },
            },
            options: { provider: true },
          },
        },
        { registries, credentials, policies },
      );
    };
    declare(scene.signer);
    expect((await scene.engine.up()).exitCode).toBe(0);
    const { verification } = scene.engine.resource("app")?.outputs ?? {};
    expect(verification).toMatchObject({
      policyDigest: expect.stringMatching(/^sha256:/),
    });
    expect(
      (await scene.engine.preview({ expectNoChanges: true })).exitCode,
    ).toBe(0);
    declare(keySigner());
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toContain("refused by policy");
  }));

test("state and outputs of an artifact stay below 8 kB and hold neither policy nor trust", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    scene.app();
    await scene.engine.up();
    const text = JSON.stringify(scene.engine.resource("app")?.outputs);
    expect(text.length).toBeLessThan(8192);
    expect(text).not.toContain("BEGIN PUBLIC KEY");
  }));
