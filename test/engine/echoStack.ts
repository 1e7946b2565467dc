import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bundleExecutable } from "./bundle";
import { Engine, type EngineOptions } from "./engine";
import type { Report } from "./report";

const plugin = "pulumi-resource-echo";
const prelude = `const pulumi = require("@pulumi/pulumi");
const thing = (name, inputs, options) => new pulumi.CustomResource("echo:index:Thing", name, { made: undefined, ...inputs }, options);
`;

/** Stacks of programs over the echoing plugin, in a folder of their own. */
export interface EchoStacks {
  /** a stack of one program in the small engine; `write` replaces the program */
  start(
    program: string,
    options?: Partial<EngineOptions>,
  ): { engine: Engine; write: (program: string) => void };
  /** a path in the folder */
  place(file: string): string;
}

/** Makes the echoing plugin before the tests of a file, and removes it after them. */
export function echoStacks(): EchoStacks {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "engine-"));
    const entry = join(__dirname, "echoPlugin.ts");
    bundleExecutable(entry, folder, plugin);
    const scope = join(folder, "node_modules", "@pulumi");
    mkdirSync(scope, { recursive: true });
    symlinkSync(resolve("node_modules/@pulumi/pulumi"), join(scope, "pulumi"));
    writeFileSync(join(folder, "package.json"), '{"name":"project"}');
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  let programs = 0;
  return {
    place: (file) => join(folder, file),
    start: (program, options) => {
      programs += 1;
      const main = `program-${programs}.js`;
      const write = (text: string): void =>
        writeFileSync(join(folder, main), prelude + text);
      write(program);
      const engine = new Engine({
        projectDir: folder,
        main,
        plugins: { echo: join(folder, plugin) },
        env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "cache") },
        ...options,
      });
      return { engine, write };
    },
  };
}

/** The calls for a resource, by its name. */
export const methods = ({ calls }: Report, name: string): readonly string[] =>
  calls
    .filter(({ request }) => request["name"] === name)
    .map(({ method }) => method);

/** What went wrong, as it is printed. */
export const errors = ({ diagnostics }: Report): readonly string[] =>
  diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message);
