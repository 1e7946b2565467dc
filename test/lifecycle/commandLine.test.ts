import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { commands } from "../../provider/hosts/cli/commands/catalog";
import { startRegistry, type TestRegistry } from "../registry/registry";
import { image } from "../samples/artifacts";
import { inRegistry, put } from "../samples/target";
import { emptyFolder, type Folder } from "./project";
import { until } from "./until";

const command = resolve("dist", "package", "cli.js");

/** How a process ended, and what it said. */
interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe("the command as it is published", () => {
  let folder: Folder;
  let registry: TestRegistry;
  let repository: string;
  beforeAll(async () => {
    folder = emptyFolder();
    registry = await startRegistry();
    repository = `${registry.host}/acme/app`;
    await put(inRegistry(registry, "acme/app"), image({ seed: "x" }), "1.0.0");
  });
  afterAll(async () => {
    await registry?.close();
    folder?.remove();
  });

  test("asks a registry, prints the answer, and ends by itself", async () => {
    const ended = await run(tags()).ended;
    expect(ended).toEqual({
      code: 0,
      signal: null,
      stdout: "1.0.0  chosen\n1 listed; 1 chosen\n",
      stderr: "",
    });
  });

  test.each([
    [{ NO_COLOR: "1", FORCE_COLOR: "1" }, false],
    [{ FORCE_COLOR: "1" }, true],
    [{ FORCE_COLOR: "0" }, false],
    [{}, false],
  ])(
    "into a pipe and with %j, colours are %s",
    async (environment, isColoured) => {
      const { stdout } = await run(tags(), environment).ended;
      expect(stdout.includes("\u001b")).toBe(isColoured);
    },
  );

  test.each([
    [["tags"], 2],
    [["nonsense"], 2],
    [[], 2],
    [["--version"], 0],
  ])("%j ends with exit code %d", async (line, code) => {
    const ended = await run(line).ended;
    expect(ended.code).toBe(code);
    expect(ended.stdout === "").toBe(code !== 0);
  });

  test("an error goes to stderr, in one line, and the exit code is 1", async () => {
    const { code, stdout, stderr } = await run(tags(`${registry.host}/none`))
      .ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^error: .*\/none.*\n$/);
  });

  test("Ctrl-C ends it at once, while a registry does not answer", async () => {
    registry.misbehave({ path: /tags/, action: { stall: true } });
    const before = registry.requests.length;
    const { ended, process } = run(tags());
    try {
      await until(() => registry.requests.length > before);
      process.kill("SIGINT");
      expect(await ended).toMatchObject({ signal: "SIGINT" });
    } finally {
      process.kill("SIGKILL");
      registry.behave();
    }
  });

  test("a reader that has seen enough is no error", async () => {
    const { ended, process } = run(tags());
    process.stdout.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
  });

  test.each(commands.map(({ word }) => [word]))(
    "%s tells what it takes and how it ends",
    async (word) => {
      const { code, stdout } = await run([word, "--help"]).ended;
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^npx pulumi-artifact-mirror ${word}`));
      expect(stdout).toContain("Exit codes:");
      expect(
        Math.max(...stdout.split("\n").map((line) => line.length)),
      ).toBeLessThan(180);
    },
  );

  function tags(of = repository): readonly string[] {
    return ["tags", of, "--plain-http", registry.host];
  }

  function run(line: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const { PATH } = process.env;
    const child = spawn(process.execPath, [command, ...line], {
      cwd: folder.path,
      env: { PATH, HOME: join(folder.path, "home"), ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (bytes) => (said.stdout += bytes));
    child.stderr.on("data", (bytes) => (said.stderr += bytes));
    const ended = new Promise<Ended>((done) =>
      child.on("close", (code, signal) => done({ code, signal, ...said })),
    );
    return { process: child, ended };
  }
});
