import { must, publishTags, repositoryOf } from "./repositories";
import { inScene, type Scene } from "./scene";

const tags = ["1.0.0", "1.1.0"];
const all = { tags: { mode: "all" } };
const keep = { ...all, onRefused: "keep" };
const stranger = {
  signedBy: [
    {
      keyless: {
        issuer: "https://accounts.example",
        identity: "release@acme.example",
      },
    },
  ],
};

const outputsOf = (scene: Scene) =>
  Object(scene.engine.resource("app")?.outputs);

async function mirrored(scene: Scene, rules: object) {
  const digests = await publishTags(scene, tags);
  scene.declare({ app: repositoryOf(scene, { ...rules }) });
  await must(scene.engine.up());
  return digests;
}

test("what a new policy refused and onRefused kept is refused again by every later run, and never counts as judged", () =>
  inScene({}, async (scene) => {
    await mirrored(scene, keep);
    const policy = stranger;
    scene.declare({ app: repositoryOf(scene, { ...keep, policy }) });
    await must(scene.engine.up());
    const more = { ...keep, policy, onDelete: "untag" };
    scene.declare({ app: repositoryOf(scene, more) });
    const other = await must(scene.engine.up());
    expect(other.text).toContain("2 of 2 tags are refused by the policy");
    expect(Object.keys(outputsOf(scene).refused)).toEqual(tags);
    scene.declare({ app: repositoryOf(scene, { ...all, policy }) });
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(1);
    expect(up.text).toContain("2 refused by the policy");
  }));

test("another source judges what is mirrored again: what only the former one vouched for is refused", () =>
  inScene({}, async (scene) => {
    await mirrored(scene, all);
    const repository = "acme/other";
    await publishTags(scene, tags, { repository, signed: false });
    const source = `${scene.source.host}/${repository}`;
    scene.declare({ app: repositoryOf(scene, { ...all, source }) });
    const up = await scene.engine.up();
    expect(up.exitCode).toBe(1);
    expect(up.text).toContain("2 refused by the policy");
  }));
