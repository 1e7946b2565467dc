import { startRegistry, type TestRegistry } from "../registry/registry";
import { image } from "../samples/artifacts";
import {
  createRoot,
  extensions,
  keysOf,
  type CertificateWish,
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
/** How cosign writes a form, and how it verifies it: of a bundle's chain it must be told that it is allowed. */
const forms: readonly (readonly [
  string,
  readonly string[],
  readonly string[],
])[] = [
  [
    ".sig",
    ["--new-bundle-format=false"],
    ["--ca-roots=roots.pem", "--ca-intermediates=middle.pem"],
  ],
  ["bundle", [], ["--trusted-root=root.json", "--allow-certificate-chain"]],
];
const more = [extensions.uris(identity)];
type Saying = "verified" | "refused";
/** The certificate, what is to be said, and where cosign says something else. */
const wishes: readonly {
  readonly what: string;
  readonly wish: CertificateWish;
  readonly expected: Saying;
  readonly byCosign?: Readonly<Record<string, Saying>>;
}[] = [
  { what: "of P-256", wish: { more }, expected: "verified" },
  { what: "of RSA", wish: { more, key: "RSA-2048" }, expected: "verified" },
  {
    what: "of two names",
    wish: { more: [extensions.uris("https://other.example", identity)] },
    expected: "verified",
    byCosign: { bundle: "refused" }, // it reads the first name of a bundle's certificate, and every name of the other form's
  },
  {
    what: "of another name",
    wish: { more: [extensions.uris(`${identity}r`)] },
    expected: "refused",
  },
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
    cosign.file("middle.pem", middle.pem);
    cosign.file("chain.pem", middle.pem + root.pem);
    cosign.file("root.json", trustedRoot());
  }, installing);
  afterAll(async () => {
    await judge?.close();
    await registry?.close();
    await cosign?.close();
  });

  /** Signs an image with a certificate, as cosign does it, and answers where it is. */
  async function signed(
    name: string,
    wish: CertificateWish,
    flags: readonly string[],
  ): Promise<string> {
    const keys = keysOf(wish.key);
    const leaf = middle.issue({ name: "release", ...wish, keys });
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
    flags: readonly string[],
  ): Promise<string> {
    const { code, stderr } = await cosign.tried(
      "verify",
      `--certificate-identity=${identity}`,
      "--certificate-oidc-issuer-regexp=.*",
      "--insecure-ignore-tlog",
      "--insecure-ignore-sct",
      ...flags,
      reference,
    );
    return code === 0 ? "verified" : `refused: ${stderr}`;
  }

  /** What we say, with nothing but a root: the rest came along. */
  async function weSay(reference: string, rootPem: string): Promise<string> {
    const { outcome, ignored } = await judge.ask(reference, {
      signedBy: [
        { certificate: { roots: [rootPem], identity, tlog: "not-required" } },
      ],
    });
    return outcome === "verified" ? outcome : `refused: ${ignored.join()}`;
  }

  const cases = wishes.flatMap((wish) =>
    forms.map(([form, flags, verifying]) => ({
      ...wish,
      form,
      flags,
      verifying,
      name: `${wish.what}/${form}`.replace(/[^a-z/]/gi, "").toLowerCase(),
    })),
  );

  test.each(cases)(
    "a $form with a certificate $what is $expected",
    async ({ name, wish, expected, byCosign, ...by }) => {
      const reference = await signed(name, wish, by.flags);
      const options = [...by.verifying, ...by.flags];
      const begins = (saying: Saying) => expect.stringMatching(`^${saying}`);
      expect(await cosignSays(reference, options)).toEqual(
        begins(byCosign?.[by.form] ?? expected),
      );
      expect(await weSay(reference, root.pem)).toEqual(begins(expected));
      expect(await weSay(reference, stranger.pem)).toBe(
        "refused: CERT_INVALID",
      );
    },
    60_000,
  );
});

/** A `trusted_root.json` that has nothing but our own authority. */
function trustedRoot(): string {
  const certificates = [middle, root].map(({ der }) => ({
    rawBytes: der.toString("base64"),
  }));
  return JSON.stringify({
    mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    tlogs: [],
    ctlogs: [],
    timestampAuthorities: [],
    certificateAuthorities: [
      {
        subject: { organization: "acme", commonName: "acme root" },
        uri: "https://acme.example",
        certChain: { certificates },
        validFor: { start: "2020-01-01T00:00:00Z" },
      },
    ],
  });
}
