import { publishTags, repositoryOf } from "./repositories";
import { inScene } from "./scene";

test("a list that replaces other rules names a tag that the source does not have: the preview says so, as it does of a new repository", () =>
  inScene({}, async (scene) => {
    await publishTags(scene, ["1.0.0", "1.1.0"]);
    const declare = (tags: object) =>
      scene.declare({ app: repositoryOf(scene, { tags }) });
    declare({ mode: "semver" });
    expect((await scene.engine.up()).exitCode).toBe(0);
    declare({ mode: "list", list: ["1.0.0", "9.9.9"] });
    const { exitCode, text } = await scene.engine.preview();
    expect(exitCode).toBe(1);
    expect(text).toContain("9.9.9: could not resolve");
  }));
