import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readEstate } from "../../provider/functions/estate/read";
import { convert } from "../../provider/hosts/cli/convert/convert";
import { inputs } from "../../provider/resources/mirroredRepository/inputs";
import { selectTags } from "../../provider/selectors/select";
import { runMeasured } from "../peers/measured";
import { installGoPeer } from "../peers/tools";
import { startRegistry, type TestRegistry } from "../registry/registry";
import { image } from "../samples/artifacts";
import { inRegistry, put } from "../samples/target";
import { describeWithGo } from "./tools";

const minute = 60_000;
jest.setTimeout(10 * minute);

const tags =
  "0.0.3 0.0.4 0.2.3 0.3.0 1 1.0 1.0.0 v1.0.0 1.2 1.2.0 1.2.3 1.2.3-alpine 1.3.0 1.9.9+b 1.10.0 2.0.0-rc.1 2.0.0 2.1.0 3.0.0-0 2024.1.0 20240101 latest edge 3.9 3x9 a b ab ba"
    .replace("+b", "_b")
    .split(" ");

const rules: readonly object[] = [
  {},
  { tags: { allow: ["latest", "3.\\d+"] } },
  { tags: { allow: ["3\\.\\d+"], deny: [".*9"] } },
  { tags: { allow: ["a|b"] } },
  { tags: { allow: ["a|x|b"] } },
  { tags: { allow: ["(a|b)"], deny: ["b|c"] } },
  { tags: { allow: ["[ab|]", "^edge$"] } },
  { tags: { deny: ["\\d.*"] } },
  ...[
    "1.2",
    ">=1.2",
    ">1.2",
    "<=2",
    "<2",
    "~1",
    "~1.2",
    "^1.2",
    "^0.2.3",
    "^0.0.3",
    "^0",
    "=2.0.0-rc.1",
    ">=1.0.0 <2.0.0",
    ">=2.0.0-0",
  ].map((range) => ({ tags: { semverRange: [range] } })),
  { tags: { semverRange: [">=1.2 <1.3", "3"], deny: [".*alpine"] } },
  { tags: { semverRange: ["^1"], allow: ["v.*"] } },
  { tagSets: [{ allow: ["a"] }, { allow: ["latest"] }] },
  { tagSets: [{ allow: ["a"] }], tags: { allow: ["edge"] } },
  { tagSets: [{ semverRange: ["^2"] }] },
];

describeWithGo("a file that the real regsync runs, and its estate", () => {
  let source: TestRegistry;
  let destination: TestRegistry;
  let folder: string;
  let file: string;

  beforeAll(async () => {
    [source, destination] = await Promise.all([
      startRegistry(),
      startRegistry(),
    ]);
    folder = mkdtempSync(join(tmpdir(), "regsync-"));
    const target = inRegistry(source, "acme/app");
    const sample = image({ seed: "one" });
    for (const tag of tags) await put(target, sample, tag);
    file = JSON.stringify({
      creds: [source, destination].map(({ host }) => ({
        registry: host,
        tls: "disabled",
      })),
      sync: rules.map((rule, at) => ({
        source: `${source.host}/acme/app`,
        target: `${destination.host}/theirs/e${at}`,
        type: "repository",
        ...rule,
      })),
    });
    const path = join(folder, "regsync.json");
    writeFileSync(path, file);
    const words = [...installGoPeer("regsync").command, "once", "-c", path];
    const env = { HOME: folder, DOCKER_CONFIG: folder };
    const { exitCode, output } = await runMeasured({ words, env }, 2 * minute);
    if (exitCode !== 0) throw new Error(output);
  }, 10 * minute);
  afterAll(async () => {
    await Promise.all([source?.close(), destination?.close()]);
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(rules.map((rule, at) => [JSON.stringify(rule), at] as const))(
    "%s: the same tags",
    (_, at) => {
      const how = {
        name: "regsync.json",
        unverified: "a test",
        environment: {},
      };
      const made = convert(file, how);
      expect(made.left).toEqual([]);
      const read = readEstate(made.text, {
        floor: { policies: {}, allowUnverified: true },
      });
      if ("problems" in read) throw new Error(JSON.stringify(read.problems));
      const entry = read.estate.declared.find(
        ({ name }) => name === `theirs/e${at}`,
      );
      const rule = inputs.shape.tags.parse(entry?.args["tags"]);
      const listing = { source: tags.toSorted(), destination: [] };
      const { chosen } = selectTags({ tags: rule }, listing);
      expect(new Set(chosen.map(({ name }) => name))).toEqual(
        new Set(destination.tags(`theirs/e${at}`)),
      );
    },
  );
});
