import { counts, writes } from "../registry/recorder";
import { manifest } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { put } from "../samples/target";
import { mirroredTags, publishTags, repositoryOf } from "./repositories";
import { inScene, type Scene } from "./scene";

jest.setTimeout(180_000);

const all = { tags: { mode: "all" } };
const three = ["1.0.0", "1.1.0", "1.2.0"];

function asked(scene: Scene) {
  const found = counts([
    ...scene.source.requests,
    ...scene.destination.requests,
  ]);
  const { token: _, challenge: __, ...others } = found;
  return others;
}

function forget({ source, destination }: Scene) {
  source.resetRequests();
  destination.resetRequests();
}

const outputsOf = (scene: Scene) => scene.engine.resource("app")?.outputs;

test("a new repository: the preview counts and names what would come, and up brings exactly that", () =>
  inScene({}, async (scene) => {
    const digests = await publishTags(scene, three);
    scene.declare({ app: repositoryOf(scene, all) });
    const preview = await scene.engine.preview();
    expect(preview.text).toMatch(
      /mirror\/app: 3 to add \(3 of 6 tags chosen, dropped by evidence 3\); would copy 8 blobs \(1\.\d KiB\), 3 manifests, 3 evidence manifests; signed by key sha256:/,
    );
    expect(preview.text).toContain("to add: 1.0.0, 1.1.0, 1.2.0");
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(0);
    expect(up.text).toContain("added: 1.0.0, 1.1.0, 1.2.0");
    expect(mirroredTags(scene)).toEqual(digests);
    expect(outputsOf(scene)).toMatchObject({
      digests,
      pending: {},
      selection: { listed: 6, chosen: 3, mirrored: 3, refused: 0 },
      verdicts: { "1.0.0": { outcome: "verified", digest: digests["1.0.0"] } },
    });
  }));

test("a new tag costs what an artifact costs, and the tags that are there cost nothing", () =>
  inScene({}, async (scene) => {
    await publishTags(scene, three);
    scene.declare({ app: repositoryOf(scene, all) });
    await scene.engine.up();
    forget(scene);
    await publishTags(scene, ["1.3.0"]);
    expect((await scene.engine.up()).exitCode).toBe(0);
    const { "GET tags": lists, ...ofTag } = asked(scene);
    // each side: the look of Read
    expect(lists).toBe(2);
    forget(scene);
    const single = await publishTags(scene, ["2.0.0"]);
    scene.declare({
      one: {
        args: {
          source: `${scene.source.host}/acme/app:2.0.0`,
          destination: `${scene.destination.host}/mirror/app:2.0.0`,
          policy: scene.policy,
        },
      },
    });
    await scene.engine.up();
    const { "GET tags": __, ...ofArtifact } = asked(scene);
    expect(mirroredTags(scene)["2.0.0"]).toBe(single["2.0.0"]);
    expect(ofTag).toEqual(ofArtifact);
  }));

test("what no state knows of and lies there already is adopted: judged, and not copied again", () =>
  inScene({}, async (scene) => {
    const digests = await publishTags(scene, three);
    scene.declare({ app: repositoryOf(scene, all) });
    await scene.engine.up();
    forget(scene);
    scene.declare({ heir: repositoryOf(scene, all) });
    const preview = await scene.engine.preview();
    expect(preview.text).toContain("3 to adopt");
    expect(preview.text).toContain("would copy nothing");
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(writes(scene.destination.requests)).toEqual([]);
    expect(scene.engine.resource("heir")?.outputs).toMatchObject({ digests });
  }));

test("base layers that tags share are sent once", () =>
  inScene({}, async (scene) => {
    const base = { mediaType: "text/plain", bytes: Buffer.alloc(300_000, 1) };
    for (const tag of three) {
      const own = { mediaType: "text/plain", bytes: Buffer.from(tag) };
      const sample = manifest({ config: own, layers: [base, own] });
      const subject = await put(scene.vendor, sample, tag);
      const layers = [await signatureLayer(subject, scene.signer)];
      await attachLegacy(scene.vendor, subject, { suffix: "sig", layers });
    }
    scene.declare({ app: repositoryOf(scene, all) });
    expect((await scene.engine.up()).exitCode).toBe(0);
    const sent = writes(scene.destination.requests).reduce(
      (sum, { requestBytes }) => sum + requestBytes,
      0,
    );
    expect(Object.keys(mirroredTags(scene))).toEqual(three);
    expect(sent).toBeLessThan(400_000);
  }));

test("another policy: every tag is judged again in the preview, and nothing is copied", () =>
  inScene({}, async (scene) => {
    const digests = await publishTags(scene, three);
    scene.declare({ app: repositoryOf(scene, all) });
    await scene.engine.up();
    const before = outputsOf(scene);
    const policy = { ...scene.policy, threshold: 1, coverage: "either" };
    scene.declare({ app: repositoryOf(scene, { ...all, policy }) });
    forget(scene);
    const preview = await scene.engine.preview();
    expect(preview.text).toContain("judged again: 1.0.0, 1.1.0, 1.2.0");
    expect(preview.text).toContain("would copy nothing");
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(writes(scene.destination.requests)).toEqual([]);
    expect(outputsOf(scene)).toMatchObject({ digests });
    expect(outputsOf(scene)?.policyDigest).not.toBe(before?.policyDigest);
    forget(scene);
    expect((await scene.engine.preview()).text).toContain("2 unchanged");
    expect(asked(scene)).toEqual({ "GET tags": 2 });
  }));

test("a tag that is gone at the source is judged again by what came along", () =>
  inScene({}, async (scene) => {
    const digests = await publishTags(scene, three);
    scene.declare({ app: repositoryOf(scene, all) });
    await scene.engine.up();
    const gone = digests["1.0.0"] ?? "";
    scene.source.misbehave({
      path: new RegExp(`manifests/(1.0.0|${gone})`),
      times: Infinity,
      action: {
        status: 404,
        body: '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}',
      },
    });
    const policy = { ...scene.policy, coverage: "either" };
    scene.declare({ app: repositoryOf(scene, { ...all, policy }) });
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(0);
    expect(up.text).toContain("judged again: 1.0.0, 1.1.0, 1.2.0");
  }));

test.each([
  ["has no tags, so none is chosen", [], all],
  [
    "none of the 6 tags of source",
    three,
    { tags: { mode: "semver", range: ">=9" } },
  ],
  [
    "the destination has no tags yet.*`tags.whenEmpty`",
    three,
    { tags: { mode: "higher" } },
  ],
])("nothing is chosen: a warning says why (%s)", (words, tags, rules) =>
  inScene({}, async (scene) => {
    await publishTags(scene, ["other"], { repository: "acme/other" });
    await publishTags(scene, tags.length > 0 ? tags : ["x"]);
    if (tags.length === 0) {
      scene.source.misbehave({
        path: /acme\/app\/tags/,
        times: Infinity,
        action: { status: 200, body: '{"name":"acme/app","tags":[]}' },
      });
    }
    scene.declare({ app: repositoryOf(scene, rules) });
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(0);
    expect(preview.text).toMatch(new RegExp(`warning: .*${words}`));
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(outputsOf(scene)).toMatchObject({ digests: {} });
  }),
);

test("a source repository that does not exist is an error of its own", () =>
  inScene({}, async (scene) => {
    scene.declare({ app: repositoryOf(scene, all) });
    const { exitCode, text } = await scene.engine.preview();
    expect(exitCode).toBe(1);
    expect(text).toMatch(/could not list the tags: source .*acme\/app/);
    expect(scene.engine.resource("app")).toBeUndefined();
  }));

test("a registry without a list of tags: the error names mode list, which does without", () =>
  inScene({}, async (scene) => {
    const digests = await publishTags(scene, three);
    for (const registry of [scene.source, scene.destination])
      registry.misbehave({
        path: /tags\/list/,
        times: Infinity,
        action: { status: 405 },
      });
    scene.declare({ app: repositoryOf(scene, all) });
    const { exitCode, text } = await scene.engine.preview();
    expect(exitCode).toBe(1);
    expect(text).toContain("the registry offers no list of tags");
    expect(text).toContain('mode: "list"');
    const tags = { mode: "list", list: ["1.0.0", "1.2.0"] };
    scene.declare({ app: repositoryOf(scene, { tags }) });
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(Object.keys(mirroredTags(scene))).toEqual(tags.list);
    expect(outputsOf(scene)).toMatchObject({
      digests: { "1.0.0": digests["1.0.0"] },
    });
  }));
