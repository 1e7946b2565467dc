import { getArtifact } from "../../../provider/functions/getArtifact";
import { getReferrers } from "../../../provider/functions/getReferrers";
import { image } from "../../samples/artifacts";
import { sbomArtifact } from "../../samples/otherArtifacts";
import { sha256, type Sample } from "../../samples/target";
import { newPlace } from "../stores/layout/place";
import { whileAsking } from "./asking";

/** The files of a layout that holds these, the first one under the tag. */
function filesOf(samples: readonly Sample[]): Record<string, string | Buffer> {
  const contents = samples.flatMap(({ bytes, blobs }) => [bytes, ...blobs]);
  const blobs = contents.map((bytes) => [
    `blobs/${sha256(bytes).replace(":", "/")}`,
    bytes,
  ]);
  const annotations = { "org.opencontainers.image.ref.name": "1" };
  const manifests = samples.map(({ descriptor }, at) =>
    at === 0 ? { ...descriptor, annotations } : descriptor,
  );
  return {
    ...Object.fromEntries(blobs),
    "oci-layout": JSON.stringify({ imageLayoutVersion: "1.0.0" }),
    "index.json": JSON.stringify({ schemaVersion: 2, manifests }),
  };
}

test("a layout directory is looked at as a registry is, without a network", async () => {
  const place = await newPlace();
  try {
    const main = image();
    const sbom = sbomArtifact(main.descriptor);
    await place.write(filesOf([main, sbom]));
    const source = `oci:${place.path}:1`;
    await whileAsking([], async ({ ask }) => {
      expect(await ask(getArtifact, { source })).toMatchObject({
        digest: main.descriptor.digest,
        ref: `oci:${place.path}@${main.descriptor.digest}`,
        kind: "image",
        platforms: ["linux/amd64"],
      });
      expect(await ask(getReferrers, { source })).toMatchObject({
        referrers: [
          {
            digest: sbom.descriptor.digest,
            parent: main.descriptor.digest,
            kind: "sbom",
            repository: `oci:${place.path}`,
          },
        ],
      });
    });
  } finally {
    await place.remove();
  }
});
