import type { Value, Values } from "../../provider/mirror/lifecycle";
import { startRegistry, type TestRegistry } from "../registry/registry";
import { image, multiArch } from "../samples/artifacts";
import { keySigner } from "../samples/signers";
import { createSigstoreWorld } from "../samples/sigstoreWorld";
import { overHttp, put } from "../samples/target";
import { type Cosign, startCosign } from "./cosign";
import {
  type CosignForm,
  cosignForms,
  signWithCosign,
  type Stage,
  verifyWithCosign,
  who,
} from "./cosignForms";
import { type RunningDistribution, startDistribution } from "./distribution";
import { mirror } from "./product";
import { startSigstoreServer } from "./sigstoreServer";
import { describeWithGo } from "./tools";

const installing = 25 * 60 * 1000;

describeWithGo("what cosign v3 signs", () => {
  let stage: Stage;
  let cosign: Cosign;
  let real: RunningDistribution;
  let fake: TestRegistry;
  let publicKey: string;

  beforeAll(async () => {
    cosign = await startCosign();
    real = await startDistribution();
    fake = await startRegistry();
    const world = await createSigstoreWorld();
    const server = await startSigstoreServer(world);
    stage = { cosign, world, server };
    await cosign.run("generate-key-pair");
    publicKey = cosign.read("cosign.pub");
  }, installing);
  afterAll(async () => {
    await stage?.server.close();
    await fake?.close();
    await real?.close();
    await cosign?.close();
  });

  function policyOf({ by, predicateType }: CosignForm): Value {
    const authority: Values =
      by === "identity"
        ? { keyless: { ...who, trustedRoots: [stage.world.trustedRoot] } }
        : { key: keyOf(by) };
    return predicateType
      ? { attestations: [{ type: predicateType, by: [authority] }] }
      : { signedBy: [authority] };
  }

  function keyOf(by: "key" | "loggedKey"): Values {
    return by === "key"
      ? { publicKey, tlog: "not-required" }
      : {
          publicKey,
          tlog: "required",
          trustedRoots: [stage.world.trustedRoot],
        };
  }

  const ways = [
    { way: "from our registry to distribution", from: "fake" },
    { way: "from distribution to our registry", from: "real" },
  ] as const;
  const cases = ways.flatMap(({ way, from }) =>
    cosignForms.map((form) => ({ way, from, form, name: form.name })),
  );

  test.each(cases)(
    "$name is admitted, mirrored $way, and verified there by cosign",
    async ({ form, from, name }) => {
      const [source, destination] =
        from === "fake" ? [fake, real] : [real, fake];
      const repository = `${from}/${name.replace(/[^a-z]+/g, "-")}`;
      const sample = multiArch({ seed: name });
      const { digest } = await put(
        overHttp(source.origin, repository),
        sample,
        "v1",
      );
      const there = `${source.host}/${repository}`;
      const here = `${destination.host}/${repository}`;
      await expect(
        verifyWithCosign(stage, form, `${there}@${digest}`),
      ).rejects.toThrow();
      await signWithCosign(stage, form, `${there}@${digest}`);
      const state = await mirror({
        hosts: [source.host, destination.host],
        inputs: {
          source: `${there}:v1`,
          destination: `${here}:v1`,
          policy: policyOf(form),
        },
      });
      expect(state["ref"]).toBe(`${here}@${digest}`);
      await verifyWithCosign(stage, form, `${here}@${digest}`);
      await verifyWithCosign(stage, form, `${here}:v1`);
    },
  );

  test.each(cosignForms)(
    "$name by somebody else is not admitted",
    async (form) => {
      const repository = `refused/${form.name.replace(/[^a-z]+/g, "-")}`;
      const sample = image({ seed: form.name });
      const { digest } = await put(
        overHttp(fake.origin, repository),
        sample,
        "v1",
      );
      await signWithCosign(stage, form, `${fake.host}/${repository}@${digest}`);
      const stranger = keySigner().publicKeyPem;
      const authority: Values =
        form.by === "identity"
          ? {
              keyless: {
                ...who,
                identity: "https://github.com/mallory/app",
                trustedRoots: [stage.world.trustedRoot],
              },
            }
          : { key: { publicKey: stranger, tlog: "not-required" } };
      const { predicateType: type } = form;
      const policy: Value = type
        ? { attestations: [{ type, by: [authority] }] }
        : { signedBy: [authority] };
      const destination = `${real.host}/${repository}`;
      const mirrored = mirror({
        hosts: [fake.host, real.host],
        inputs: {
          source: `${fake.host}/${repository}:v1`,
          destination: `${destination}:v1`,
          policy,
        },
      });
      await expect(mirrored).rejects.toMatchObject({
        fault: "refused",
        message: expect.stringMatching(
          form.by === "identity" ? /IDENTITY_MISMATCH/ : /SIGNATURE_INVALID/,
        ),
      });
    },
  );

  test("an attached SBOM comes along, and cosign finds it there", async () => {
    const [repository, sample] = ["forms/sbom", image({ seed: "sbom" })];
    const { digest } = await put(
      overHttp(fake.origin, repository),
      sample,
      "v1",
    );
    const there = `${fake.host}/${repository}@${digest}`;
    const document = cosign.file("sbom.json", '{"spdxVersion":"SPDX-2.3"}');
    await cosign.run(
      "attach",
      "sbom",
      "--sbom",
      document,
      "--type",
      "spdx",
      there,
    );
    const form: CosignForm = { name: "a key's .sig", by: "key", bundle: false };
    await signWithCosign(stage, form, there);
    await mirror({
      hosts: [fake.host, real.host],
      inputs: {
        source: `${fake.host}/${repository}:v1`,
        destination: `${real.host}/${repository}:v1`,
        policy: policyOf(form),
      },
    });
    const found = await cosign.run(
      "download",
      "sbom",
      `${real.host}/${repository}@${digest}`,
    );
    expect(found.stdout).toContain("SPDX-2.3");
  });

  test("cosign talked to loopback alone", () => {
    expect(cosign.strays()).toBe(0);
  });
});
