import { startRegistry, type TestRegistry } from "../../../registry/registry";
import { image } from "../../../samples/artifacts";
import { inRegistry, put } from "../../../samples/target";
import { commandLine } from "./commandLine";
import { emptyFolder, type Folder } from "./folder";

describe("commands that look", () => {
  let folder: Folder;
  let registry: TestRegistry;
  beforeAll(async () => {
    folder = emptyFolder();
    registry = await startRegistry();
    const target = inRegistry(registry, "acme/app");
    for (const tag of ["1.0.0", "1.2.0", "2.0.0-rc.1", "latest"])
      await put(target, image({ seed: tag }), tag);
  });
  afterAll(async () => {
    await registry?.close();
    folder?.remove();
  });
  const run = (line: readonly string[], colours = false) =>
    commandLine(line, { folder: folder.path, colours });
  const tags = (...line: readonly string[]) =>
    run([
      "tags",
      `${registry.host}/acme/app`,
      "--plain-http",
      registry.host,
      ...line,
    ]);

  test("tags: the chosen ones, and the rule that dropped each other one", async () => {
    const { code, printed, complained } = await tags("--mode", "semver");
    expect({ code, complained }).toEqual({ code: 0, complained: "" });
    expect(printed.split("\n")).toEqual([
      "1.0.0       chosen",
      "1.2.0       chosen",
      expect.stringMatching(/^2\.0\.0-rc\.1 {2}prereleases +\S/),
      expect.stringMatching(/^latest {6}version +\S/),
      "4 listed; 2 chosen; dropped by version 1, prereleases 1",
    ]);
  });

  test.each([
    [["--newest", "1"], ["1.2.0"]],
    [["--mode", "highest", "--prereleases"], ["2.0.0-rc.1"]],
    [["--compatibility", "rc.1"], ["2.0.0-rc.1"]],
    [["--range", ">=1.1"], ["1.2.0"]],
    [["--pinned-major", "0"], []],
    [["--pattern", "l.*"], ["latest"]],
    [["--exclude", "1.*", "--exclude", "2.*"], ["latest"]],
    [[], ["1.0.0", "1.2.0", "2.0.0-rc.1", "latest"]],
  ])("tags %j chooses %j", async (line, chosen) => {
    const { code, printed } = await tags("--json", ...line);
    expect(code).toBe(0);
    expect(JSON.parse(printed).chosen).toEqual(chosen);
  });

  test("tags takes rules from a file, and options replace their words", async () => {
    folder.write("rules.yaml", "mode: semver\nrange: '>=1.1'\n");
    const { printed } = await tags("--rules", "rules.yaml", "--json");
    expect(JSON.parse(printed).chosen).toEqual(["1.2.0"]);
    const { printed: wider } = await tags(
      "--rules",
      "rules.yaml",
      "--range",
      "*",
      "--chosen",
    );
    expect(wider).toMatch(/^1\.0\.0 {2}chosen\n1\.2\.0 {2}chosen\n4 listed/);
  });

  test("rules of a file that only versions have mean versions, without a mode, too", async () => {
    folder.write("rules.yaml", "ties: last\n");
    const { printed } = await tags("--rules", "rules.yaml", "--json");
    expect(JSON.parse(printed).chosen).toEqual(["1.0.0", "1.2.0"]);
  });

  test("tags tells which are at the destination", async () => {
    await put(
      inRegistry(registry, "mirror/app"),
      image({ seed: "x" }),
      "1.0.0",
    );
    const to = `${registry.host}/mirror/app`;
    const { printed } = await tags("--mode", "semver", "--destination", to);
    expect(printed).toMatch(/^1\.0\.0 +chosen +is there$/m);
    expect(printed).toMatch(/^1\.2\.0 +chosen +is not there$/m);
  });

  test("colours are for terminals", async () => {
    const line = [
      "tags",
      `${registry.host}/acme/app`,
      "--plain-http",
      registry.host,
    ];
    expect((await run(line, true)).printed).toContain("\u001b[32mchosen");
    expect((await run(line)).printed).not.toContain("\u001b");
  });

  test.each([
    [
      ["--mode", "newest"],
      2,
      /could not ask getTags: tags\.mode: must be "highest" or/,
    ],
    [["--newest", "two"], 2, /--newest is "two", and no whole number/],
    [["--range", "=>"], 2, /range/],
    [["--rules", "none.yaml"], 2, /none\.yaml: there is no such file/],
  ])("tags %j ends with exit code %d", async (line, code, why) => {
    const said = await tags(...line);
    expect(said).toMatchObject({ code, printed: "" });
    expect(said.complained).toMatch(why);
  });

  test("a repository that is not there is an error, and no empty answer", async () => {
    const { code, printed, complained } = await run([
      "tags",
      `${registry.host}/acme/none`,
      "--plain-http",
      registry.host,
      "--json",
    ]);
    expect({ code, printed }).toEqual({ code: 1, printed: "" });
    expect(complained).toMatch(/^error: .*acme\/none/);
  });

  test("the provider's configuration counts, from a file of its own or of a stack", async () => {
    const host = registry.host;
    const registries = JSON.stringify([{ host, plainHttp: true }]);
    folder.write("own.json", `{ "registries": ${registries} }`);
    folder.write(
      "Pulumi.dev.yaml",
      `config:\n  app:size: 3\n  artifact-mirror:registries: ${registries}\n`,
    );
    folder.write(
      "Pulumi.text.yaml",
      `config:\n  artifact-mirror:registries: '${registries}'\n`,
    );
    for (const file of ["own.json", "Pulumi.dev.yaml", "Pulumi.text.yaml"]) {
      const said = await run(["tags", `${host}/acme/app`, "--config", file]);
      expect(said).toMatchObject({ code: 0, complained: "" });
    }
  });

  test.each([
    ["registry: []\n", /registry: is not known here; known are registries/],
    ["policies: { a: {} }\n", /policies\.a: is empty/],
    [
      "config:\n  artifact-mirror:credentials:\n    secure: abc\n",
      /credentials is encrypted/,
    ],
    ["- a\n", /it must be a YAML or JSON mapping/],
    ["a: &a [*a]\nb: *c\n", /it must be a YAML or JSON mapping/],
    ["a: 's3cr3t-word\n", /odd\.yaml: line 2, column 1: /],
  ])("a configuration of %j is not understood", async (text, why) => {
    folder.write("odd.yaml", text);
    const said = await tags("--config", "odd.yaml");
    expect(said.code).toBe(2);
    expect(said.complained).toMatch(why);
    expect(said.complained).not.toContain("s3cr3t");
  });

  test("a password of the configuration is in no word that is said", async () => {
    folder.write(
      "secret.yaml",
      `credentials: [{ registry: "${registry.host}", username: me, password: s3cr3t-word }]\n`,
    );
    const message = "not with s3cr3t-word";
    registry.misbehave({
      path: /tags\/list/,
      action: {
        status: 403,
        body: JSON.stringify({ errors: [{ code: "DENIED", message }] }),
      },
    });
    const said = await tags("--config", "secret.yaml");
    registry.behave();
    expect(said.code).toBe(1);
    expect(said.complained).toContain("[secret]");
    expect(said.complained).not.toContain("s3cr3t");
  });

  test("estate lists what a shard declares", async () => {
    folder.write(
      "estate.yaml",
      `version: 1
policies: { none: { unverified: a test } }
defaults: { policy: none, destinationPrefix: corp.example/mirror }
artifacts: { one: up.example/one:1, two: up.example/two:2 }
repositories: { three: { source: up.example/three, tags: { mode: all } } }
`,
    );
    const { code, printed } = await run(["estate", "estate.yaml"]);
    expect(code).toBe(0);
    expect(printed).toMatch(
      /^three +repository \(all\) +up\.example\/three +corp\.example\/mirror\/three +none$/m,
    );
    expect(printed).toMatch(/^2 artifacts, 1 repository$/m);
    const halves = await Promise.all(
      ["0/2", "1/2"].map((shard) =>
        run(["estate", "estate.yaml", "--json", "--shard", shard]),
      ),
    );
    const names = halves
      .map(({ printed: json }) => JSON.parse(json))
      .flatMap(({ artifacts, repositories }) => [...artifacts, ...repositories])
      .map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(["one", "two", "three"]));
    expect(names).toHaveLength(3);
    for (const shard of ["2", "2/2"]) {
      const wrong = await run(["estate", "estate.yaml", "--shard", shard]);
      expect(wrong.code).toBe(2);
      expect(wrong.complained).toContain(`--shard is "${shard}"`);
    }
  });

  test("estate tells everything that is wrong, a line each", async () => {
    folder.write(
      "bad.yaml",
      "version: 1\nartifact: {}\nartifacts: { x: nginx }\n",
    );
    const { code, printed, complained } = await run(["estate", "bad.yaml"]);
    expect({ code, printed }).toEqual({ code: 2, printed: "" });
    expect(complained).toMatch(
      /^error: .*bad\.yaml is not understood:\n +\S*bad\.yaml:2:1: /,
    );
  });
});
