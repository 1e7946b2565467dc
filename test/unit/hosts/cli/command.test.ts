import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../../../package.json";
import { commandLine } from "./commandLine";

const plugin = join("node_modules", "pulumi-artifact-mirror", "plugin");

describe("npx pulumi-artifact-mirror", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "cli-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test("init writes the path of the plugin that is installed in the project", async () => {
    project("app");
    mkdirSync(join(root, "app", plugin), { recursive: true });
    expect((await command("app", "init")).code).toBe(0);
    expect(written("app")).toContain(
      "path: node_modules/pulumi-artifact-mirror/plugin\n",
    );
  });

  test("init finds a plugin that is hoisted to the root of a workspace", async () => {
    project("services/app");
    mkdirSync(join(root, plugin), { recursive: true });
    expect((await command("services/app", "init")).code).toBe(0);
    expect(written("services/app")).toContain(
      "path: ../../node_modules/pulumi-artifact-mirror/plugin\n",
    );
  });

  test("init begins at the program when Pulumi.yaml says where it is", async () => {
    project("app", "main: infra/index.ts\n");
    mkdirSync(join(root, "app/infra", plugin), { recursive: true });
    expect((await command("app", "init")).code).toBe(0);
    expect(written("app")).toContain(
      "path: infra/node_modules/pulumi-artifact-mirror/plugin\n",
    );
  });

  test("init works from a folder inside the project", async () => {
    project("app");
    mkdirSync(join(root, "app", plugin), { recursive: true });
    mkdirSync(join(root, "app/src"));
    expect((await command("app/src", "init")).code).toBe(0);
    expect(written("app")).toContain("artifact-mirror");
  });

  test("a second init changes nothing and says so", async () => {
    project("app");
    mkdirSync(join(root, "app", plugin), { recursive: true });
    await command("app", "init");
    const before = written("app");
    const again = await command("app", "init");
    expect(again.code).toBe(0);
    expect(again.printed).toContain("already has the plugin's path");
    expect(written("app")).toBe(before);
  });

  test("init without a project says what is missing and what to do", async () => {
    const { code, complained } = await command(".", "init");
    expect(code).toBe(1);
    expect(complained).toMatch(
      /^error: could not set up the project: there is no Pulumi.yaml in .*; run init in the folder of a Pulumi program/,
    );
  });

  test("init without the package says how to install it, and writes nothing", async () => {
    project("app");
    const before = written("app");
    const { code, complained } = await command("app", "init");
    expect(code).toBe(1);
    expect(complained).toContain("npm install pulumi-artifact-mirror");
    expect(written("app")).toBe(before);
  });

  test("a command that is none is told on one line, which stays in sight, with those that there are", async () => {
    const { code, complained } = await command(".", "tagz");
    expect(code).toBe(2);
    expect(complained).toMatch(
      /^error: "tagz" is no command of ours; there are artifact, tags, .*--help$/,
    );
  });

  test("an option that is none is told with those that there are", async () => {
    const { code, complained } = await command(".", "tags", "a", "--confg=x");
    expect(code).toBe(2);
    expect(complained).toMatch(
      /^error: .*"--confg" is no option of it; there are --mode, .*--config/,
    );
    expect(complained).not.toContain("positional");
  });

  test("tells its version and its words", async () => {
    expect(await command(".", "--version")).toMatchObject({
      code: 0,
      printed: version,
    });
    const { printed } = await command(".", "--help");
    expect(printed).toMatch(/^ +init +write the plugin's path/m);
  });

  test.each([[[]], [["inti"]], [["init", "now"]]])(
    "does not understand %j",
    async (words) => {
      const { code, complained } = await command(".", ...words);
      expect(code).toBe(2);
      expect(complained).toContain("npx pulumi-artifact-mirror");
    },
  );

  function project(folder: string, more = ""): void {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(
      join(root, folder, "Pulumi.yaml"),
      `name: app\nruntime: nodejs\n${more}`,
    );
  }

  function written(folder: string): string {
    return readFileSync(join(root, folder, "Pulumi.yaml"), "utf8");
  }

  function command(folder: string, ...line: readonly string[]) {
    return commandLine(line, { folder: join(root, folder) });
  }
});
