import { readEstate } from "../../provider/functions/estate/read";
import { convert } from "../../provider/hosts/cli/convert/convert";
import { mirroredTags, must, publishTags } from "./repositories";
import { inScene, type Scene } from "./scene";

const tags = "1.0.0 1.4.0 1.4.1-rc.1 1.5.0 2.0.0 3 latest edge".split(" ");
const unverified = "the other tool asks nobody, either";

/** One entry of a tool that mirrors `acme/app` into `mirror/app`, and what that tool would copy. */
const files: readonly [string, string, (scene: Scene) => string][] = [
  [
    "regsync's ranges and denials, pre-releases included",
    "1.4.0 1.4.1-rc.1 2.0.0",
    ({ source, destination }) => `
sync:
  - source: ${source.host}/acme/app
    target: ${destination.host}/mirror/app
    type: repository
    tags: { semverRange: [">=1.4 <2", "2"], deny: ["1\\\\.5.*"] }
`,
  ],
  [
    "regsync's alternatives, of which an anchor binds one",
    "1.0.0 2.0.0 latest",
    ({ source, destination }) => `
sync:
  - source: ${source.host}/acme/app
    target: ${destination.host}/mirror/app
    type: repository
    tags: { allow: ["latest|[12]\\\\.0\\\\.0"] }
`,
  ],
  [
    "replicant's highest of one major",
    "1.5.0",
    ({ source, destination }) => `
images:
  app:
    source: ${source.host}/acme/app
    destination: ${destination.host}/mirror/app
    pinned-major: 1
`,
  ],
  [
    "flux-mirror's two highest",
    "1.4.0 1.5.0",
    ({ source, destination }) => `
apiVersion: mirror.plugin.fluxcd.io/v1beta2
kind: Config
artifacts:
  - source: ${source.host}/acme/app
    destination: ${destination.host}/mirror/app
    selector: { semver: "1.x", limit: 2 }
`,
  ],
];

test.each(files)(
  "%s: what is converted copies exactly [%s]",
  (_, copied, file) =>
    inScene(
      { provider: { policies: { converted: { unverified } } } },
      async (scene) => {
        const named = await publishTags(scene, tags, { signed: false });
        const made = convert(file(scene), {
          name: "theirs.yaml",
          unverified,
          environment: {},
        });
        expect(made.left).toEqual([]);
        const floor = { policies: {}, allowUnverified: true };
        const read = readEstate(made.text, { floor });
        if ("problems" in read) throw new Error(JSON.stringify(read.problems));
        const [{ name, args }] = read.estate.declared as [
          (typeof read.estate.declared)[number],
        ];
        scene.declare({
          [name.replaceAll("/", "-")]: { type: "MirroredRepository", args },
        });
        await must(scene.engine.preview());
        await must(scene.engine.up());
        const wanted = copied.split(" ").map((tag) => [tag, named[tag]]);
        expect(mirroredTags(scene)).toEqual(Object.fromEntries(wanted));
        await must(scene.engine.preview({ expectNoChanges: true }));
      },
    ),
);
