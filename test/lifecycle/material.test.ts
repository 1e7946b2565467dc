import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { put, inRegistry } from "../samples/target";
import { emptyConfig, manifest } from "../samples/artifacts";
import { keySigner } from "../samples/signers";
import { inScene, type Scene } from "./scene";

const signedWith = (publicKey: string) => ({
  signedBy: [{ key: { publicKey, tlog: "not-required" } }],
});

function writeKey(scene: Scene, pem: string): string {
  const file = join(scene.folder, "vendor.pem");
  writeFileSync(file, pem);
  return file;
}

/** Puts a key into the source registry as an artifact of one layer. */
async function publishKey(scene: Scene, pem: string): Promise<string> {
  const place = inRegistry(scene.source, "acme/trust");
  const layer = {
    mediaType: "application/x-pem-file",
    bytes: Buffer.from(pem),
  };
  const sample = manifest({ config: emptyConfig, layers: [layer] });
  const { digest } = await put(place, sample, "1");
  return `artifact:${scene.source.host}/acme/trust@${digest}`;
}

test("a key in a file beside the program admits; Check puts its digest into the inputs", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    writeKey(scene, scene.signer.publicKeyPem);
    scene.app({ policy: signedWith("file:vendor.pem") });
    const up = await scene.engine.up();
    expect(up.text).not.toContain("error");
    expect(up.exitCode).toBe(0);
    const { inputs } = scene.engine.resource("app") ?? {};
    expect(JSON.stringify(inputs)).toMatch(
      /file:vendor\.pem@sha256:[0-9a-f]{64}/,
    );
    const again = await scene.engine.preview();
    expect(again.steps.map(({ op }) => op)).not.toContain("update");
  }));

test("a file that is changed between two previews shows as a change of the policy, and is judged", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    writeKey(scene, scene.signer.publicKeyPem);
    scene.app({ policy: signedWith("file:vendor.pem") });
    expect((await scene.engine.up()).exitCode).toBe(0);
    writeKey(scene, `${scene.signer.publicKeyPem}\n`);
    const same = await scene.engine.preview();
    expect(same.exitCode).toBe(0);
    expect(same.steps.find(({ op }) => op === "update")?.diff).toHaveProperty([
      "policy.signedBy[0].key.publicKey",
    ]);
    writeKey(scene, keySigner().publicKeyPem);
    const other = await scene.engine.preview();
    expect(other.exitCode).toBe(1);
    expect(other.text).toContain("refused by policy");
  }));

test("a key that is an artifact of the source registry, pinned by digest, admits", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    const publicKey = await publishKey(scene, scene.signer.publicKeyPem);
    scene.app({ policy: signedWith(publicKey) });
    const up = await scene.engine.up();
    expect(up.text).not.toContain("error");
    expect(up.exitCode).toBe(0);
    scene.app({
      policy: signedWith(await publishKey(scene, keySigner().publicKeyPem)),
    });
    expect((await scene.engine.preview()).text).toContain("refused by policy");
  }));

test("a shared policy's file gets its digest with the provider's configuration, and a change of it is a change", () =>
  inScene(
    { provider: { policies: { vendors: signedWith("file:vendor.pem") } } },
    async (scene) => {
      await scene.publish("one");
      writeKey(scene, scene.signer.publicKeyPem);
      scene.app({ policy: { use: "vendors" } });
      expect((await scene.engine.up()).exitCode).toBe(0);
      const quiet = await scene.engine.preview();
      expect(quiet.steps.map(({ op }) => op)).not.toContain("update");
      writeKey(scene, keySigner().publicKeyPem);
      const other = await scene.engine.preview();
      expect(other.exitCode).toBe(1);
      expect(other.text).toContain("refused by policy");
    },
  ));

test.each<[string, boolean]>([
  ["the policy", false],
  ["a shared policy", true],
])(
  "the dynamic host takes a file in %s, and sees that it was changed",
  (_, isShared) =>
    inScene(
      {
        dynamic: true,
        provider: { policies: { vendors: signedWith("file:vendor.pem") } },
      },
      async (scene) => {
        await scene.publish("one");
        writeKey(scene, scene.signer.publicKeyPem);
        scene.app({
          policy: isShared ? { use: "vendors" } : signedWith("file:vendor.pem"),
        });
        expect((await scene.engine.up()).exitCode).toBe(0);
        const quiet = await scene.engine.preview();
        expect(quiet.steps.map(({ op }) => op)).not.toContain("update");
        writeKey(scene, keySigner().publicKeyPem);
        const other = await scene.engine.preview();
        expect(other.exitCode).toBe(1);
        expect(other.text).toContain("refused by policy");
      },
    ),
);

test.each<[string, string, (scene: Scene) => unknown, RegExp]>([
  [
    "a file that is not there",
    "file:nowhere.pem",
    () => undefined,
    /names nowhere\.pem, which cannot be read .*relative to the program's directory/,
  ],
  [
    "a file that is no key",
    "file:vendor.pem",
    (scene) => writeKey(scene, "nothing"),
    /must be one PEM block/,
  ],
  [
    "a file that is not text",
    "file:blob.bin",
    ({ folder }) =>
      writeFileSync(join(folder, "blob.bin"), Buffer.from([0x30, 0xff, 0xfe])),
    /is not text/,
  ],
  [
    "a file that is too large",
    "file:large.pem",
    ({ folder }) =>
      writeFileSync(join(folder, "large.pem"), Buffer.alloc(1024 * 1024 + 1)),
    /has 1048577 bytes/,
  ],
  [
    "a file that is another one than its digest says",
    `file:vendor.pem@sha256:${"0".repeat(64)}`,
    (scene) => writeKey(scene, scene.signer.publicKeyPem),
    /the file was changed/,
  ],
  [
    "an artifact without a digest",
    "artifact:reg.example/acme/trust:1",
    () => undefined,
    /without its digest/,
  ],
])(
  "%s is an error at the property, in preview",
  (_, publicKey, arrange, expected) =>
    inScene({}, async (scene) => {
      await scene.publish("one");
      arrange(scene);
      scene.app({ policy: signedWith(publicKey) });
      const preview = await scene.engine.preview();
      expect(preview.exitCode).toBe(1);
      expect(preview.text).toContain("policy.signedBy[0].key.publicKey");
      expect(preview.text).toMatch(expected);
    }),
);

test("trust that ends soon is told in preview and in up, once for all who use it", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    const dayMs = 24 * 60 * 60 * 1000;
    const validUntil = new Date(Date.now() + 5 * dayMs).toISOString();
    const { publicKeyPem: publicKey } = scene.signer;
    const policy = {
      signedBy: [{ key: { publicKey, tlog: "not-required", validUntil } }],
    };
    const { from: source, to } = scene;
    scene.declare({
      one: { args: { source, policy, destination: to } },
      two: { args: { source, policy, destination: `${to}-two` } },
    });
    for (const report of [
      await scene.engine.preview(),
      await scene.engine.up(),
    ]) {
      expect(report.exitCode).toBe(0);
      const warnings = report.diagnostics.filter(
        ({ severity, message }) =>
          severity === "warning" && message.includes("the key ends on"),
      );
      expect(warnings.map(({ message }) => message)).toEqual([
        expect.stringContaining("policy.signedBy[0].key.validUntil"),
      ]);
    }
  }));
