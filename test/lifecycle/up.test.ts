import type { RecordedRequest } from "../registry/recorder";
import { multiArch } from "../samples/artifacts";
import { attachLegacy, attachReferrer } from "../samples/attach";
import { bundleReferrer } from "../samples/bundleEvidence";
import { signatureLayer } from "../samples/legacyEvidence";
import { inScene, type Scene } from "./scene";

/** A signed index whose child and whose signature carry evidence too. */
async function publishRich(scene: Scene) {
  const sample = multiArch({ platforms: ["linux/amd64", "linux/arm64"] });
  const root = await scene.publish("rich", { sample });
  const [child] = sample.children;
  if (!child) throw new Error("an index has children");
  await attachLegacy(scene.vendor, child.descriptor, {
    suffix: "sig",
    layers: [await signatureLayer(child.descriptor, scene.signer)],
  });
  const attestation = await bundleReferrer(root, scene.signer, {
    predicateType: "https://spdx.dev/Document",
    predicate: {},
  });
  await attachReferrer(scene.vendor, attestation);
  const deeper = await bundleReferrer(attestation.descriptor, scene.signer);
  await attachReferrer(scene.vendor, deeper);
  return {
    root,
    child: child.descriptor,
    attestation: attestation.descriptor,
    deeper: deeper.descriptor,
  };
}

const line = ({ method, path }: RecordedRequest) =>
  `${method} ${path.replace("/v2/mirror/app/", "")}`;

test("sentence 2: blobs, children, root, evidence deepest first, then the copy is judged, then the tag, last, and read back", () =>
  inScene({}, async (scene) => {
    const { root, child, attestation, deeper } = await publishRich(scene);
    scene.app();
    expect((await scene.engine.up()).exitCode).toBe(0);
    const journal = scene.destination.requests
      .filter(
        ({ kind, status }) =>
          kind !== "token" && kind !== "challenge" && status < 400,
      )
      .map(line);
    const at = (wanted: string) => journal.lastIndexOf(wanted);
    const put = (digest: string) => at(`PUT manifests/${digest}`);
    const lastBlobOfArtifact =
      journal.findIndex((one) => one.startsWith("PUT manifests/")) - 1;
    expect(journal[lastBlobOfArtifact]).toMatch(/blobs\/uploads/);
    expect(put(child.digest)).toBeGreaterThan(lastBlobOfArtifact);
    expect(put(root.digest)).toBeGreaterThan(put(child.digest));
    expect(put(deeper.digest)).toBeGreaterThan(put(root.digest));
    expect(put(attestation.digest)).toBeGreaterThan(put(deeper.digest));
    const tagged = at("PUT manifests/1");
    expect(tagged).toBe(journal.length - 2);
    expect(journal.at(-1)).toBe("HEAD manifests/1");
    const judged = journal.slice(put(attestation.digest), tagged);
    expect(judged).toContain(`GET manifests/${root.digest}`);
    expect(judged).toContain(`GET referrers/${root.digest}`);
    expect(judged.some((one) => one.startsWith("GET blobs/"))).toBe(true);
    expect(scene.destination.tag("mirror/app", "1")).toBe(root.digest);
    const signature = `${child.digest.replace(":", "-")}.sig`;
    expect(scene.destination.tag("mirror/app", signature)).toBe(
      scene.source.tag("acme/app", signature),
    );
  }));

test("T1, sentence 2: the digest of the checked inputs is what is verified and copied, though the tag moves before Create", () =>
  inScene({}, async (scene) => {
    const { digest } = await scene.publish("one");
    scene.app();
    const moving = { done: false };
    scene.onCall = async ({ method }) => {
      if (method === "Create") await scene.publish("two");
      moving.done ||= method === "Create";
    };
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(moving.done).toBe(true);
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
    expect(scene.engine.resource("app")?.outputs).toMatchObject({
      digest,
      verification: { digest },
    });
  }));

test("sentence 2: the tag is resolved again when Check could not learn it", () =>
  inScene({}, async (scene) => {
    const { digest } = await scene.publish("one");
    scene.app();
    scene.onCall = async ({ method }) => {
      if (method === "Check")
        scene.source.misbehave({
          path: /manifests\/1$/,
          times: 1000,
          action: { status: 500 },
        });
      if (method === "Create") scene.source.behave();
    };
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(scene.engine.resource("app")?.inputs.digest).toBeUndefined();
    expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
  }));

test("sentence 2: a copy that cannot be judged where it lies leaves the tag as it was", () =>
  inScene({}, async (scene) => {
    await scene.publish("one");
    scene.app();
    scene.destination.misbehave({
      method: "GET",
      path: /referrers\//,
      action: { status: 403 },
    });
    scene.destination.misbehave({
      method: "GET",
      path: /manifests\/sha256-/,
      action: { status: 403 },
    });
    expect((await scene.engine.up()).exitCode).toBe(1);
    expect(scene.destination.tag("mirror/app", "1")).toBeUndefined();
    scene.destination.behave();
    expect((await scene.engine.up()).exitCode).toBe(0);
  }));
