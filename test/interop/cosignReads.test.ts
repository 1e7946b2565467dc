import { startRegistry, type TestRegistry } from "../registry/registry";
import { image } from "../samples/artifacts";
import { attachByFallback, attachLegacy } from "../samples/attach";
import { bundleReferrer } from "../samples/bundleEvidence";
import { attestationLayer, signatureLayer } from "../samples/legacyEvidence";
import { keyKinds, keySigner, type Signer } from "../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../samples/sigstoreWorld";
import {
  inRegistry,
  put,
  type SampleDescriptor,
  type Target,
} from "../samples/target";
import { type Cosign, startCosign } from "./cosign";
import { describeWithGo } from "./tools";

const installing = 25 * 60 * 1000;
const predicateType = "https://example.com/reviewed/v1";
const who = {
  issuer: "https://token.actions.example",
  identity:
    "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main",
};

interface Evidence {
  readonly target: Target;
  readonly subject: SampleDescriptor;
  readonly signer: Signer;
  readonly log?: SigstoreWorld;
}

const legacy = ["--new-bundle-format=false"];
const forms = [
  {
    form: ".sig",
    command: ["verify", ...legacy],
    attach: async ({ target, subject, signer, log }: Evidence) => {
      const layers = [await signatureLayer(subject, signer, { log })];
      await attachLegacy(target, subject, { suffix: "sig", layers });
    },
  },
  {
    form: ".att",
    command: ["verify-attestation", "--type", predicateType, ...legacy],
    attach: async ({ target, subject, signer, log }: Evidence) => {
      const layers = [
        await attestationLayer(subject, signer, { predicateType, log }),
      ];
      await attachLegacy(target, subject, { suffix: "att", layers });
    },
  },
  {
    form: "bundle",
    command: ["verify"],
    attach: async ({ target, subject, signer, log }: Evidence) => {
      await put(target, await bundleReferrer(subject, signer, { log }));
    },
  },
  {
    form: "bundle under the fallback tag",
    command: ["verify"],
    fallback: true,
    attach: async ({ target, subject, signer, log }: Evidence) => {
      const referrer = await bundleReferrer(subject, signer, { log });
      await attachByFallback(target, subject, referrer);
    },
  },
  {
    form: "attestation bundle",
    command: ["verify-attestation", "--type", predicateType],
    attach: async ({ target, subject, signer, log }: Evidence) => {
      await put(
        target,
        await bundleReferrer(subject, signer, { predicateType, log }),
      );
    },
  },
];

describeWithGo("what our samples sign, cosign v3 verifies", () => {
  let cosign: Cosign;
  let world: SigstoreWorld;
  let registry: TestRegistry;
  let plain: TestRegistry;

  beforeAll(async () => {
    cosign = await startCosign();
    world = await createSigstoreWorld();
    registry = await startRegistry();
    plain = await startRegistry({ referrersApi: false });
    cosign.file("trusted_root.json", world.trustedRoot);
  }, installing);
  afterAll(async () => {
    await registry?.close();
    await plain?.close();
    await cosign?.close();
  });

  test.each(forms)(
    "$form by a logged key, and by an identity",
    async ({ form, command, attach, fallback }) => {
      const place = fallback ? plain : registry;
      const key = keySigner();
      cosign.file("key.pub", key.publicKeyPem);
      const signers = [
        { signer: key, flags: ["--key", "key.pub"] },
        {
          signer: await world.keyless(who),
          flags: [
            "--certificate-identity",
            who.identity,
            "--certificate-oidc-issuer",
            who.issuer,
          ],
        },
      ];
      for (const [at, { signer, flags }] of signers.entries()) {
        const repository = `reads/app${at}`;
        const target = inRegistry(place, repository);
        const subject = await put(
          target,
          image({ seed: `${form}/${at}` }),
          "v1",
        );
        const reference = `${place.host}/${repository}@${subject.digest}`;
        const verify = [
          ...command,
          ...flags,
          "--trusted-root",
          "trusted_root.json",
          reference,
        ];
        expect((await cosign.tried(...verify)).code).not.toBe(0);
        await attach({ target, subject, signer, log: world });
        await cosign.run(...verify);
      }
    },
  );

  test.each(keyKinds.filter((kind) => kind !== "rsa-pss"))(
    "a %s key without a log",
    async (kind) => {
      const signer = keySigner(kind, "sha256");
      cosign.file("key.pub", signer.publicKeyPem);
      for (const { form, command, attach } of forms) {
        const target = inRegistry(registry, `keys/${kind}`);
        const subject = await put(target, image({ seed: form }));
        await attach({ target, subject, signer });
        const reference = `${registry.host}/keys/${kind}@${subject.digest}`;
        await cosign.run(
          ...command,
          "--key",
          "key.pub",
          "--insecure-ignore-tlog",
          reference,
        );
      }
    },
  );

  test("cosign refuses a tampered signature and one of another image", async () => {
    const signer = keySigner();
    cosign.file("key.pub", signer.publicKeyPem);
    const target = inRegistry(registry, "reads/bad");
    const [one, two] = [
      await put(target, image({ seed: "one" })),
      await put(target, image({ seed: "two" })),
    ];
    const bad = [
      await signatureLayer(one, signer, { tampered: true }),
      await signatureLayer(two, signer),
    ];
    for (const layer of bad) {
      await attachLegacy(target, one, { suffix: "sig", layers: [layer] });
      const reference = `${registry.host}/reads/bad@${one.digest}`;
      const { code } = await cosign.tried(
        "verify",
        ...legacy,
        "--key",
        "key.pub",
        "--insecure-ignore-tlog",
        reference,
      );
      expect(code).not.toBe(0);
    }
  });

  test("cosign talked to loopback alone", () => {
    expect(cosign.strays()).toBe(0);
  });
});
