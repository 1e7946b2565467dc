import { startRegistry, type TestRegistry } from "../registry/registry";
import { image } from "../samples/artifacts";
import { type KeyKind, keyKinds, keySigner } from "../samples/signers";
import { inRegistry, put } from "../samples/target";
import { type Cosign, startCosign } from "./cosign";
import { mirror } from "./product";
import { describeWithGo } from "./tools";

const installing = 25 * 60 * 1000;
const plain = ["--use-signing-config=false", "--tlog-upload=false", "-y"];
const forms: readonly (readonly [string, readonly string[]])[] = [
  [".sig", ["--new-bundle-format=false"]],
  ["bundle", []],
];
const kinds: readonly KeyKind[] = keyKinds.filter((one) => one !== "rsa-pss");
/** cosign 3.1 signs by other hashes (SHA-384, SHA-512, Ed25519ph) than those by which it verifies, so of these alone it knows its own. */
const recognised: readonly KeyKind[] = ["ecdsa-p256", "rsa-pkcs1"];
const cases = kinds.flatMap((kind) =>
  forms.map(([form, flags]) => ({ kind, form, flags })),
);

describeWithGo("keys that cosign v3 signs with", () => {
  let cosign: Cosign;
  let source: TestRegistry;
  let destination: TestRegistry;

  beforeAll(async () => {
    cosign = await startCosign();
    source = await startRegistry();
    destination = await startRegistry({ referrersApi: false });
  }, installing);
  afterAll(async () => {
    await source?.close();
    await destination?.close();
    await cosign?.close();
  });

  test.each(cases)(
    "a $form by a $kind key is admitted, and cosign says of the copy what it says of the original",
    async ({ kind, form, flags }) => {
      const key = keySigner(kind);
      cosign.file("key.pem", key.privateKeyPem);
      cosign.file("key.pub", key.publicKeyPem);
      await cosign.run(
        "import-key-pair",
        "--key",
        "key.pem",
        "-o",
        "imported",
        "-y",
      );
      const repository = `${kind}/${form.replace(".", "")}`;
      const app = image({ seed: repository });
      const { digest } = await put(inRegistry(source, repository), app, "v1");
      const there = `${source.host}/${repository}@${digest}`;
      await cosign.run(
        "sign",
        "--key",
        "imported.key",
        ...plain,
        ...flags,
        there,
      );
      const here = `${destination.host}/${repository}`;
      const state = await mirror({
        hosts: [source.host, destination.host],
        inputs: {
          source: `${source.host}/${repository}:v1`,
          destination: `${here}:v1`,
          policy: {
            signedBy: [
              { key: { publicKey: key.publicKeyPem, tlog: "not-required" } },
            ],
          },
        },
      });
      expect(state["ref"]).toBe(`${here}@${digest}`);
      const codes: number[] = [];
      for (const reference of [there, `${here}@${digest}`]) {
        const verify = ["verify", "--key", "key.pub", "--insecure-ignore-tlog"];
        codes.push((await cosign.tried(...verify, ...flags, reference)).code);
      }
      expect(codes[1]).toBe(codes[0]);
      expect(codes[0] === 0).toBe(recognised.includes(kind));
    },
  );
});
