import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { Engine, type EngineOptions } from "../engine/engine";
import { compiled, stagedPackage } from "./stage";

/** What a stack is started with; everything but the program has a default. */
export interface StackOptions extends Partial<
  Omit<EngineOptions, "projectDir" | "main">
> {
  /** the program's text, or the path of a `.js` or `.ts` file */
  readonly program: string;
  /** registries on the loopback interface: the default provider reaches them over plain HTTP */
  readonly registries?: readonly { readonly host: string }[];
}

/** A stack of one program in a folder of its own, with the package installed and the real plugin. */
export interface Stack {
  readonly engine: Engine;
  readonly projectDir: string;
  /** replaces the program */
  write(program: string): void;
  /** removes the folder */
  close(): void;
}

/** Nothing of the machine's own credentials and configuration reaches a test. */
function isolated(projectDir: string): Record<string, string | undefined> {
  const kept = ["PATH", "TMPDIR", "NODE_OPTIONS", "LANG"];
  return {
    ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
    HOME: join(projectDir, "home"),
    DOCKER_CONFIG: join(projectDir, "home", ".docker"),
    AWS_EC2_METADATA_DISABLED: "true",
    NODE_COMPILE_CACHE: resolve("dist", "stage", "cache"),
  };
}

/** Makes a project folder as a user has it, and an engine over it. */
export function startStack(options: StackOptions): Stack {
  const { program, registries = [], config, env, ...rest } = options;
  const projectDir = mkdtempSync(join(tmpdir(), "stack-"));
  const modules = join(projectDir, "node_modules");
  const installed = join(modules, "pulumi-artifact-mirror");
  mkdirSync(join(modules, "@pulumi"), { recursive: true });
  mkdirSync(join(projectDir, "home"));
  // copied, never linked: a dynamic provider of a linked package cannot be serialised
  const stage = stagedPackage();
  cpSync(stage, installed, {
    recursive: true,
    filter: (path) => !path.startsWith(join(stage, "plugin", ".cache")),
  });
  const pulumi = "@pulumi/pulumi";
  symlinkSync(resolve("node_modules", pulumi), join(modules, pulumi));
  const write = (text: string): void =>
    writeFileSync(join(projectDir, "index.js"), sourceOf(text));
  write(program);
  writeFileSync(join(projectDir, "package.json"), '{"name":"project"}\n');
  const plain = registries.map(({ host }) => ({ host, plainHttp: true }));
  const engine = new Engine({
    ...rest,
    projectDir,
    main: "index.js",
    plugins: {
      "artifact-mirror": join(
        stage,
        "plugin",
        "pulumi-resource-artifact-mirror",
      ),
    },
    config: {
      ...(plain.length > 0
        ? { "artifact-mirror:registries": JSON.stringify(plain) }
        : {}),
      ...config,
    },
    env: { ...isolated(projectDir), ...env },
  });
  return {
    engine,
    projectDir,
    write,
    close: () => rmSync(projectDir, { recursive: true, force: true }),
  };
}

function sourceOf(program: string): string {
  const isPath = /^[^\n]+\.(js|ts)$/.test(program);
  const text = isPath ? readFileSync(program, "utf8") : program;
  if (!isPath || extname(program) !== ".ts") return text;
  return compiled(text);
}

/** A program that declares artifacts by name, and exports the `ref` and `digest` of each. */
export function artifacts(
  declared: Readonly<Record<string, object>>,
  {
    options = {},
    module = "pulumi-artifact-mirror",
  }: { readonly options?: object; readonly module?: string } = {},
): string {
  const lines = Object.entries(declared).flatMap(([name, properties]) => [
    `all[${JSON.stringify(name)}] = new mirror.MirroredArtifact(${JSON.stringify(name)}, ${JSON.stringify(properties)}, ${JSON.stringify(options)});`,
    `exports[${JSON.stringify(name)}] = { ref: all[${JSON.stringify(name)}].ref, digest: all[${JSON.stringify(name)}].digest };`,
  ]);
  return [
    `const mirror = require(${JSON.stringify(module)});`,
    "const all = {};",
    ...lines,
    "",
  ].join("\n");
}
