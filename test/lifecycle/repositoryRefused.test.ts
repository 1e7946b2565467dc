import { counts, writes } from "../registry/recorder";
import { mirroredTags, publishTags, repositoryOf } from "./repositories";
import { inScene, type Scene } from "./scene";

jest.setTimeout(180_000);

const all = { tags: { mode: "all" } };
const keep = { ...all, onRefused: "keep" };
const good = ["1.0.0", "1.1.0"];
const bad = Array.from({ length: 30 }, (_, at) => `2.${at}.0`);

const outputsOf = (scene: Scene) => scene.engine.resource("app")?.outputs;

function forget({ source, destination }: Scene) {
  source.resetRequests();
  destination.resetRequests();
}

test("one preview shows every refusal of thirty, with name, digest, code and reason, and what would come in", () =>
  inScene({}, async (scene) => {
    await publishTags(scene, good);
    const digests = await publishTags(scene, bad, { signed: false });
    scene.declare({ app: repositoryOf(scene, all) });
    const { exitCode, text } = await scene.engine.preview();
    expect(exitCode).toBe(1);
    for (const tag of bad)
      expect(text).toContain(`${tag}@${digests[tag]}: NO_EVIDENCE: signedBy: `);
    expect(text).toMatch(
      /could not mirror all of 32 tags: source .*acme\/app: 30 refused by the policy/,
    );
    expect(text).toContain("each: ask the publisher to sign this digest");
    expect(text).toContain("2 to add, 30 refused");
  }));

test("up copies what may come in, fails, and keeps the refused in state; the next run resumes with no more than is left", () =>
  inScene({}, async (scene) => {
    const digests = await publishTags(scene, good);
    const { "2.0.0": refused = "" } = await publishTags(scene, ["2.0.0"], {
      signed: false,
    });
    scene.declare({ app: repositoryOf(scene, all) });
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(1);
    expect(up.text).toContain(`2.0.0@${refused}: NO_EVIDENCE`);
    expect(mirroredTags(scene)).toEqual(digests);
    expect(outputsOf(scene)).toMatchObject({
      digests,
      refused: { "2.0.0": { digest: refused, code: "NO_EVIDENCE" } },
      selection: { mirrored: 2, refused: 1 },
    });
    forget(scene);
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toContain("1 refused, 2 unchanged");
    const signed = await publishTags(scene, ["2.0.0"]);
    expect(signed["2.0.0"]).toBe(refused);
    forget(scene);
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirroredTags(scene)).toEqual({ ...digests, ...signed });
    expect(outputsOf(scene)?.refused).toBeUndefined();
    const tagged = writes(scene.destination.requests).filter(({ path }) =>
      /manifests\/\d/.test(path),
    );
    expect(tagged.map(({ path }) => path)).toEqual([
      "/v2/mirror/app/manifests/2.0.0",
    ]);
  }));

test("onRefused keep: one warning names the refused, the run succeeds, and the next preview has nothing to do", () =>
  inScene({}, async (scene) => {
    const digests = await publishTags(scene, good);
    const { "2.0.0": refused } = await publishTags(scene, ["2.0.0"], {
      signed: false,
    });
    scene.declare({ app: repositoryOf(scene, keep) });
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(0);
    const warnings = up.diagnostics.filter(({ message }) =>
      message.includes(`2.0.0@${refused}: NO_EVIDENCE`),
    );
    expect(warnings.map(({ severity }) => severity)).toEqual(["warning"]);
    expect(mirroredTags(scene)).toEqual(digests);
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(0);
    expect(preview.text).toContain("2 unchanged");
    await publishTags(scene, ["2.0.0"]);
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(Object.keys(mirroredTags(scene))).toEqual([...good, "2.0.0"]);
  }));

test("a mirrored tag that a new policy refuses stays where it is, and fails each run until somebody decides", () =>
  inScene({}, async (scene) => {
    const digests = await publishTags(scene, good);
    scene.declare({ app: repositoryOf(scene, all) });
    await scene.engine.up();
    const policy = {
      signedBy: [
        {
          keyless: {
            issuer: "https://accounts.example",
            identity: "release@acme.example",
          },
        },
      ],
    };
    for (const run of ["up", "preview"] as const) {
      scene.declare({ app: repositoryOf(scene, { ...all, policy }) });
      const report = await scene.engine[run]();
      expect(report.exitCode).toBe(1);
      expect(report.text).toContain("2 refused by the policy");
    }
    expect(mirroredTags(scene)).toEqual(digests);
    expect(outputsOf(scene)).toMatchObject({ digests });
    scene.declare({ app: repositoryOf(scene, { ...keep, policy }) });
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect((await scene.engine.preview()).text).toContain("2 unchanged");
  }));

test("what could not be asked is told as such, is never a refusal, and does not stop the others", () =>
  inScene({}, async (scene) => {
    const digests = await publishTags(scene, [...good, "3.0.0"]);
    const { "3.0.0": silent = "", ...others } = digests;
    scene.source.misbehave({
      path: new RegExp(`referrers/${silent}`),
      times: Infinity,
      action: { status: 451 },
    });
    scene.declare({ app: repositoryOf(scene, keep) });
    const preview = await scene.engine.preview();
    expect(preview.exitCode).toBe(1);
    expect(preview.text).toContain("1 could not be judged or copied");
    expect(preview.text).toMatch(new RegExp(`3.0.0: .*@${silent}: HTTP 451`));
    expect(preview.text).not.toContain("refused");
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(1);
    expect(mirroredTags(scene)).toEqual(others);
    expect(outputsOf(scene)).toMatchObject({ digests: others });
    expect(outputsOf(scene)?.refused).toBeUndefined();
    scene.source.behave();
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirroredTags(scene)).toEqual(digests);
  }));

test("a copy that is refused where it lies moves no tag, and the others come", () =>
  inScene({}, async (scene) => {
    const digests = await publishTags(scene, good);
    scene.declare({ app: repositoryOf(scene, all) });
    scene.destination.misbehave({
      method: "GET",
      path: new RegExp(
        `manifests/${(digests["1.0.0"] ?? "").replace(":", "-")}.sig`,
      ),
      times: Infinity,
      action: { status: 404, body: '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}' },
    });
    expect((await scene.engine.up()).exitCode).toBe(1);
    expect(Object.keys(mirroredTags(scene))).toEqual(["1.1.0"]);
    scene.destination.behave();
    expect((await scene.engine.up()).exitCode).toBe(0);
    expect(mirroredTags(scene)).toEqual(digests);
  }));

test("a destination that takes nothing: a new repository fails, and nothing is left in state", () =>
  inScene({}, async (scene) => {
    await publishTags(scene, good);
    scene.declare({ app: repositoryOf(scene, all) });
    scene.destination.misbehave({
      method: "POST",
      path: /uploads/,
      times: Infinity,
      action: { status: 403 },
    });
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(1);
    expect(up.text).toContain("2 could not be judged or copied");
    expect(scene.engine.resource("app")).toBeUndefined();
    expect(counts(scene.destination.requests)["PUT manifest"]).toBeUndefined();
  }));
