import { startRegistry } from "../../registry/registry";
import { image } from "../../samples/artifacts";
import { attachReferrer } from "../../samples/attach";
import { unknownArtifact } from "../../samples/otherArtifacts";
import { inRegistry, put } from "../../samples/target";
import { descriptorOf, opened, referenceTo } from "../stores/opened";

test("W101: a repository without the referrers API hides no other's signatures behind the same host", async () => {
  const registry = await startRegistry();
  const sample = image();
  const subject = descriptorOf(sample.descriptor);
  const signature = unknownArtifact("sig", { subject: sample.descriptor });
  const signed = inRegistry(registry, "team/signed");
  await put(signed, sample, "1");
  await attachReferrer(signed, signature);
  registry.misbehave({
    path: /^\/v2\/elsewhere\/app\/referrers\//,
    times: Infinity,
    action: { status: 404, body: "404 page not found" },
  });
  const { registries, reach, network } = opened([registry.host]);
  const listed = async (name: string) => {
    const reference = referenceTo(`${registry.host}/${name}:1`);
    const store = registries(reference, { side: "source", isWriter: false });
    const found = await store.referrers(subject.digest, reach);
    return found.map(({ digest }) => digest);
  };
  const found = [await listed("elsewhere/app"), await listed("team/signed")];
  await Promise.all([network.close(), registry.close()]);
  expect(found).toEqual([[], [signature.descriptor.digest]]);
});
