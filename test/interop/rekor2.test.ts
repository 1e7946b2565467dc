import { startRegistry, type TestRegistry } from "../registry/registry";
import { image, multiArch } from "../samples/artifacts";
import { keySigner } from "../samples/signers";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../samples/sigstoreWorld";
import { inRegistry, put } from "../samples/target";
import type { Value, Values } from "../../provider/mirror/lifecycle";
import { type Cosign, startCosign } from "./cosign";
import { who } from "./cosignForms";
import { type ModernSigstore, startModernSigstore } from "./modernSigstore";
import { mirror } from "./product";
import {
  identityToken,
  startSigstoreServer,
  type SigstoreServer,
} from "./sigstoreServer";
import { describeWithGo } from "./tools";

const installing = 25 * 60 * 1000;
const predicateType = "https://example.com/reviewed/v1";
const forms = [
  { name: "an identity's signature", by: "identity" },
  { name: "a key's signature", by: "key" },
  { name: "an identity's attestation", by: "identity", predicateType },
  { name: "a key's attestation", by: "key", predicateType },
] as const;
type Form = (typeof forms)[number];

describeWithGo(
  "what cosign v3 signs with Rekor v2 and a timestamp authority that answers 201",
  () => {
    let cosign: Cosign;
    let world: SigstoreWorld;
    let fulcio: SigstoreServer;
    let modern: ModernSigstore;
    let source: TestRegistry;
    let destination: TestRegistry;
    let publicKey: string;

    beforeAll(async () => {
      cosign = await startCosign();
      world = await createSigstoreWorld();
      fulcio = await startSigstoreServer(world);
      modern = await startModernSigstore(world, fulcio, { created: true });
      source = await startRegistry();
      destination = await startRegistry({ referrersApi: false });
      await cosign.run("generate-key-pair");
      publicKey = cosign.read("cosign.pub");
      cosign.file("trusted_root.json", modern.trustedRoot);
      cosign.file("signing_config.json", modern.signingConfig);
    }, installing);
    afterAll(async () => {
      await modern?.close();
      await fulcio?.close();
      await source?.close();
      await destination?.close();
      await cosign?.close();
    });

    const roots = ["--trusted-root", "trusted_root.json"];

    async function sign(form: Form, reference: string): Promise<void> {
      const attested =
        "predicateType" in form
          ? [
              "--type",
              predicateType,
              "--predicate",
              cosign.file("predicate.json", "{}"),
            ]
          : [];
      const token = identityToken(who.issuer, who.identity, world.clock);
      await cosign.run(
        "predicateType" in form ? "attest" : "sign",
        "-y",
        ...(form.by === "key"
          ? ["--key", "cosign.key"]
          : ["--identity-token", token]),
        "--signing-config",
        "signing_config.json",
        ...roots,
        ...attested,
        reference,
      );
    }

    async function verify(form: Form, reference: string): Promise<void> {
      const signer =
        form.by === "key"
          ? ["--key", "cosign.pub"]
          : [
              "--certificate-identity",
              who.identity,
              "--certificate-oidc-issuer",
              who.issuer,
            ];
      const typed = "predicateType" in form ? ["--type", predicateType] : [];
      const command = "predicateType" in form ? "verify-attestation" : "verify";
      await cosign.run(command, ...signer, ...typed, ...roots, reference);
    }

    function policyOf(
      form: Form,
      { stranger = false, root = modern.trustedRoot } = {},
    ): Value {
      const trustedRoots = [root];
      const authority: Values =
        form.by === "key"
          ? {
              key: {
                publicKey: stranger ? keySigner().publicKeyPem : publicKey,
                trustedRoots,
              },
            }
          : {
              keyless: {
                ...who,
                ...(stranger && { identity: "https://github.com/mallory/app" }),
                trustedRoots,
              },
            };
      return "predicateType" in form
        ? { attestations: [{ type: predicateType, by: [authority] }] }
        : { signedBy: [authority] };
    }

    test.each(forms)(
      "$name is admitted, mirrored, and verified there by cosign; a stranger's is not",
      async (form) => {
        const repository = form.name.replace(/[^a-z]+/g, "-");
        const { digest } = await put(
          inRegistry(source, repository),
          multiArch({ seed: repository }),
          "v1",
        );
        const there = `${source.host}/${repository}`;
        const here = `${destination.host}/${repository}`;
        await sign(form, `${there}@${digest}`);
        await verify(form, `${there}@${digest}`);
        const inputs = { source: `${there}:v1`, destination: `${here}:v1` };
        const hosts = [source.host, destination.host];
        await expect(
          mirror({
            hosts,
            inputs: { ...inputs, policy: policyOf(form, { stranger: true }) },
          }),
        ).rejects.toMatchObject({ fault: "refused" });
        await expect(
          mirror({
            hosts,
            inputs: {
              ...inputs,
              policy: policyOf(form, { root: world.trustedRoot }),
            },
          }),
        ).rejects.toMatchObject({
          fault: "refused",
          message: expect.stringMatching(/TRUST_OUTDATED|TLOG_INVALID/),
        });
        const state = await mirror({
          hosts,
          inputs: { ...inputs, policy: policyOf(form) },
        });
        expect(state["ref"]).toBe(`${here}@${digest}`);
        await verify(form, `${here}@${digest}`);
      },
    );

    test("the time is the timestamp authority's, because Rekor v2 proves none", async () => {
      const repository = "times";
      const { digest } = await put(
        inRegistry(source, repository),
        image({ seed: repository }),
        "v1",
      );
      const there = `${source.host}/${repository}`;
      await sign(forms[0], `${there}@${digest}`);
      const state = await mirror({
        hosts: [source.host, destination.host],
        inputs: {
          source: `${there}:v1`,
          destination: `${destination.host}/${repository}:v1`,
          policy: policyOf(forms[0]),
        },
      });
      expect(JSON.stringify(state["verification"])).toContain("rfc3161");
      expect(JSON.stringify(state["verification"])).not.toContain('"rekor"');
    });

    test("cosign talked to loopback alone", () => {
      expect(cosign.strays()).toBe(0);
    });
  },
);
