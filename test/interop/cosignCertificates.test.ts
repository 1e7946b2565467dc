import { startRegistry, type TestRegistry } from "../registry/registry";
import { image } from "../samples/artifacts";
import {
  createRoot,
  extensions,
  keysOf,
  type CertificateWish,
  type KeyKind,
} from "../samples/pki";
import { inRegistry, put } from "../samples/target";
import { type Cosign, startCosign } from "./cosign";
import { openJudge, type Judge } from "./judge";
import { describeWithGo } from "./tools";

const installing = 25 * 60 * 1000;
const identity = "https://acme.example/release";
const root = createRoot({ name: "acme root" });
const middle = root.authority({ name: "acme signing" });
const stranger = createRoot({ name: "stranger" });
const forms: readonly (readonly [string, readonly string[]])[] = [
  [".sig", ["--new-bundle-format=false"]],
  ["bundle", []],
];

describeWithGo("certificates of one's own that cosign v3 signs with", () => {
  let cosign: Cosign;
  let registry: TestRegistry;
  let judge: Judge;

  beforeAll(async () => {
    cosign = await startCosign();
    registry = await startRegistry();
    judge = openJudge([registry.host]);
    cosign.file("roots.pem", root.pem);
    cosign.file("chain.pem", middle.pem + root.pem);
    cosign.file("stranger.pem", stranger.pem);
  }, installing);
  afterAll(async () => {
    await judge?.close();
    await registry?.close();
    await cosign?.close();
  });

  /** Signs an image with a certificate, as cosign does it, and answers where it is. */
  async function signed(
    name: string,
    wish: CertificateWish & { readonly key?: KeyKind },
    flags: readonly string[],
  ): Promise<string> {
    const keys = keysOf(wish.key);
    const more = [extensions.uris(identity)];
    const leaf = middle.issue({ name: "release", more, ...wish, keys });
    cosign.file("leaf.pem", leaf.pem);
    const key = keys.privateKey.export({ type: "pkcs8", format: "pem" });
    cosign.file("key.pem", key.toString());
    await cosign.run("import-key-pair", "--key", "key.pem", "-o", "own", "-y");
    const { digest } = await put(
      inRegistry(registry, name),
      image({ seed: name }),
      "v1",
    );
    const reference = `${registry.host}/${name}@${digest}`;
    await cosign.run(
      "sign",
      "--key=own.key",
      "--certificate=leaf.pem",
      "--certificate-chain=chain.pem",
      "--use-signing-config=false",
      "--tlog-upload=false",
      "-y",
      ...flags,
      reference,
    );
    return reference;
  }

  async function cosignSays(
    reference: string,
    roots: string,
    flags: readonly string[],
  ): Promise<string> {
    const { code, stderr } = await cosign.tried(
      "verify",
      `--ca-roots=${roots}`,
      `--certificate-identity=${identity}`,
      "--certificate-oidc-issuer-regexp=.*",
      "--insecure-ignore-tlog",
      "--insecure-ignore-sct",
      ...flags,
      reference,
    );
    return code === 0 ? "verified" : `refused: ${stderr}`;
  }

  const ours = (reference: string, roots: readonly string[], more = {}) =>
    judge.ask(reference, {
      signedBy: [
        { certificate: { roots, identity, tlog: "not-required", ...more } },
      ],
    });

  test.each(forms)("a %s counts under its root alone", async (form, flags) => {
    const reference = await signed(`form/${form.replace(".", "")}`, {}, flags);
    console.log(await cosignSays(reference, "roots.pem", flags));
    console.log(await cosignSays(reference, "stranger.pem", flags));
    console.log(await ours(reference, [root.pem]));
    console.log(await ours(reference, [root.pem], { intermediates: [middle.pem] }));
  });
});
