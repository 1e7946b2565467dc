import { mirroredTags, must, publishTags, repositoryOf } from "./repositories";
import { inScene } from "./scene";

/** Vectors of field.md part 3, measured on the real replicant: rules | source | destination → what is copied. */
const vectors: readonly [object, string, string, string][] = [
  [{ mode: "highest" }, "1.9.9 1.10.0 latest", "", "1.10.0"],
  [{ mode: "highest" }, "1.9.9 1.10.0", "1.10.0", ""],
  [{ mode: "highest", ties: "last" }, "1.2 1.2.0 v1.2.0", "", "v1.2.0"],
  [
    { mode: "highest", compatibility: "rc.1" },
    "1.0.0 2.0.0-rc.1 3.0.0-rc.2",
    "",
    "2.0.0-rc.1",
  ],
  [{ mode: "highest" }, "2024.1.0 2025.2.0 18.4.0", "", "18.4.0"],
  [{ mode: "higher" }, "1.0.0 1.1.0 2.0.0", "1.1.0", "2.0.0"],
  [{ mode: "higher" }, "1.0.0 2.0.0", "", ""],
  [{ mode: "higher" }, "1.0.0", "5.0.0", ""],
  [
    { mode: "higher", compatibility: "alpine" },
    "1.1.0-alpine 1.2.0-alpine 3.0.0",
    "9.0.0 1.1.0-alpine",
    "1.2.0-alpine",
  ],
  [{ mode: "higher", pinnedMajor: 6 }, "6.0.0 6.2.7", "7.0.0", ""],
  [{ mode: "semver" }, "2.0.0 1.0.0 latest 1.5.0-alpine", "1.0.0", "2.0.0"],
  [{ mode: "all" }, "latest 7.0.0", "latest", "7.0.0"],
];

const words = (text: string) => text.split(" ").filter(Boolean);

test.each(vectors)(
  "part 3, on the real thing: %j over [%s] with [%s] at the destination copies exactly [%s]",
  (tags, source, destination, copied) =>
    inScene({}, async (scene) => {
      const named = await publishTags(scene, words(source));
      const there = await publishTags(scene, words(destination), {
        seed: "there before",
        registry: scene.destination,
        repository: "mirror/app",
      });
      scene.declare({ app: repositoryOf(scene, { tags }) });
      await must(scene.engine.preview());
      await must(scene.engine.up());
      expect(mirroredTags(scene)).toEqual({
        ...there,
        ...Object.fromEntries(words(copied).map((tag) => [tag, named[tag]])),
      });
      await must(scene.engine.preview({ expectNoChanges: true }));
    }),
);

test("part 3, on the real thing: with `evidenceTags`, mode all takes cosign's tags like all others", () =>
  inScene({}, async (scene) => {
    const tags = ["7.0.0", "sha256-aa.sig"];
    const named = await publishTags(scene, tags, { signed: false });
    const policy = { unverified: "cosign's tags are not signed themselves" };
    const chosen = { mode: "all", evidenceTags: true };
    scene.declare({ app: repositoryOf(scene, { tags: chosen, policy }) });
    await must(scene.engine.up());
    expect(mirroredTags(scene)).toEqual(named);
  }));
