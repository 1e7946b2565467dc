import { startRegistry, type TestRegistry } from "../registry/registry";
import { image } from "../samples/artifacts";
import { keySigner } from "../samples/signers";
import { inRegistry, put } from "../samples/target";
import { startCosign, type Cosign } from "./cosign";
import { openJudge, type Judge } from "./judge";
import { misled } from "./misled";
import { describeWithGo } from "./tools";

const installing = 25 * 60 * 1000;

describeWithGo("where cosign v3 is misled, or sees less", () => {
  let cosign: Cosign;
  let judge: Judge;
  let registry: TestRegistry;
  let plain: TestRegistry;

  beforeAll(async () => {
    cosign = await startCosign();
  }, installing);
  beforeEach(async () => {
    registry = await startRegistry({ pageSize: 2 });
    plain = await startRegistry({ referrersApi: false });
    judge = openJudge([registry.host, plain.host]);
  });
  afterEach(async () => {
    await judge.close();
    await registry.close();
    await plain.close();
  });
  afterAll(() => cosign?.close());

  test.each(misled)("$name", async (scene) => {
    const place = scene.fallback ? plain : registry;
    const target = inRegistry(place, "acme/app");
    const signer = keySigner();
    const sample = scene.subject ?? image({ seed: scene.name });
    const subject = await put(target, sample, "v1");
    await scene.place({ target, subject, signer, registry: place });
    const reference = `${place.host}/acme/app@${subject.digest}`;
    cosign.file("key.pub", signer.publicKeyPem);
    const flags = ["--key", "key.pub", "--insecure-ignore-tlog"];
    const { code, stderr } = await cosign.tried("verify", ...flags, reference);
    expect(`${code === 0 ? "admits" : "refuses"} ${stderr}`).toMatch(
      scene.cosign,
    );
    const key = { publicKey: signer.publicKeyPem, tlog: "not-required" };
    const said = await judge
      .ask(reference, { signedBy: [{ key }] })
      .catch((error: unknown) => ({ message: String(error) }));
    expect(JSON.stringify(said)).toContain(scene.ours);
  });
});
