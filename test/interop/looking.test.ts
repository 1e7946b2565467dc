import { getArtifact } from "../../provider/functions/getArtifact";
import { getCatalog } from "../../provider/functions/getCatalog";
import { getReferrers } from "../../provider/functions/getReferrers";
import { image, multiArch } from "../samples/artifacts";
import { attachByFallback, attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { sbomArtifact } from "../samples/otherArtifacts";
import { keySigner } from "../samples/signers";
import { overHttp, put } from "../samples/target";
import { whileAsking } from "../unit/functions/asking";
import { type RunningDistribution, startDistribution } from "./distribution";
import { describeWithGo } from "./tools";

const minute = 60_000;
jest.setTimeout(5 * minute);

describeWithGo("looking around in distribution v3", () => {
  let registry: RunningDistribution;

  beforeAll(async () => {
    registry = await startDistribution();
  }, 20 * minute);
  afterAll(() => registry?.close());

  test("an artifact, and everything that is said about it, under tags alone", async () => {
    const vendor = overHttp(registry.origin, "acme/app");
    const sample = multiArch();
    const root = await put(vendor, sample, "1");
    const layers = [await signatureLayer(root, keySigner())];
    await attachLegacy(vendor, root, { suffix: "sig", layers });
    const arm = sample.children[1]?.descriptor ?? root;
    await attachByFallback(vendor, arm, sbomArtifact(arm));
    const source = `${registry.host}/acme/app:1`;
    await whileAsking([registry.host], async ({ ask }) => {
      expect(await ask(getArtifact, { source })).toMatchObject({
        digest: root.digest,
        platforms: ["linux/amd64", "linux/arm64/v8"],
      });
      expect(await ask(getReferrers, { source })).toMatchObject({
        referrers: expect.arrayContaining([
          expect.objectContaining({ kind: "signature", parent: root.digest }),
          expect.objectContaining({ kind: "sbom", parent: arm.digest }),
        ]),
      });
    });
  });

  test("its catalogue comes in pages, each repository once", async () => {
    const names = Array.from({ length: 120 }, (_, at) => `many/r${1000 + at}`);
    for (const name of names)
      await put(overHttp(registry.origin, name), image(), "1");
    await whileAsking([registry.host], async ({ ask }) => {
      const part = `${registry.host}/many`;
      const answer = await ask(getCatalog, { registry: part });
      expect(answer).toMatchObject({ way: "distribution", complete: true });
      expect(answer["repositories"]).toEqual(
        names.map((name) => ({ name, reference: `${registry.host}/${name}` })),
      );
    });
  });
});
