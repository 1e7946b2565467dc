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

test("what to do about a tag that is not there is said once, in its line", () =>
  inScene({}, async (scene) => {
    await publishTags(scene, ["1.0.0"]);
    const tags = { mode: "list", list: ["9.9.9"] };
    scene.declare({ app: repositoryOf(scene, { tags }) });
    const { text } = await scene.engine.preview();
    expect(text).toContain("1 could not be judged or copied; see below\n");
    expect(text.split("check the spelling")).toHaveLength(2);
  }));

test("`verified` is new, and so are rules that need a list: nobody asked what moved, and that is said", () =>
  inScene({}, async (scene) => {
    await publishTags(scene, ["1.0.0"]);
    const declare = (more: object) =>
      scene.declare({ app: repositoryOf(scene, { ...more }) });
    declare({ tags: { mode: "list", list: ["1.0.0"] } });
    expect((await scene.engine.up()).exitCode).toBe(0);
    declare({ tags: { mode: "semver" }, replaceTag: "verified" });
    const { text } = await scene.engine.preview();
    expect(text).toContain("is asked by the next run that refreshes");
  }));
