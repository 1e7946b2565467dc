import { createHash, randomUUID } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { buildSync, type BuildOptions } from "esbuild";
import { ModuleKind, ScriptTarget, transpileModule } from "typescript";
import repository from "../../package.json";
import { atHome } from "../../sdk/packing/atHome";
import { publishedManifest } from "../../sdk/packing/manifests";

const root = process.cwd();
const stages = join(root, "dist", "stage");
const sources = [
  "provider/**/*.{ts,js,json}",
  "sdk/{nodejs,dynamic,program}/**/*.ts",
  "schema.json",
  "package.json",
];

const common: BuildOptions = {
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node22",
  minifyWhitespace: true,
  lineLimit: 160,
  logLevel: "error",
};

/** The package as it stands in a user's node_modules, made of the sources as they are now; made once for all tests. */
export function stagedPackage(): string {
  const stage = join(stages, fingerprint());
  if (existsSync(stage)) return stage;
  const draft = join(stages, `draft-${randomUUID()}`);
  build(draft);
  try {
    renameSync(draft, stage);
  } catch (error) {
    // another test process was faster
    if (!existsSync(stage)) throw error;
    rmSync(draft, { recursive: true });
  }
  return stage;
}

/** The plugin's executable inside of the staged package. */
export function stagedPlugin(): string {
  return join(stagedPackage(), "plugin", "pulumi-resource-artifact-mirror");
}

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const file of globSync(sources, { cwd: root }).sort()) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

function build(folder: string): void {
  const plugin = join(folder, "plugin");
  mkdirSync(plugin, { recursive: true });
  buildSync({
    ...common,
    entryPoints: ["provider/hosts/plugin/main.ts"],
    outfile: join(plugin, "main.js"),
  });
  const executable = join(plugin, "pulumi-resource-artifact-mirror");
  cpSync("provider/hosts/plugin/launch.js", executable);
  chmodSync(executable, 0o755);
  buildSdk(folder);
  const manifest = JSON.stringify(publishedManifest(repository), null, 2);
  writeFileSync(join(folder, "package.json"), manifest);
}

/** File by file, by TypeScript itself: what the SDK does with `exports` is made for it. */
function buildSdk(folder: string): void {
  const place = (from: string): string => from.replace(/^sdk\/(nodejs\/)?/, "");
  for (const file of globSync("sdk/{nodejs,dynamic,program}/**/*.ts", {
    cwd: root,
  })) {
    const target = join(folder, place(file).replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    const text = compiled(readFileSync(file, "utf8"));
    writeFileSync(target, atHome(place(file), text));
  }
  buildSync({
    ...common,
    external: ["@pulumi/pulumi"],
    entryPoints: ["provider/hosts/dynamic.ts"],
    outfile: join(folder, "dynamic", "host.js"),
  });
}

/** CommonJS of a TypeScript module, unchecked. */
export function compiled(text: string): string {
  const compilerOptions = {
    module: ModuleKind.CommonJS,
    target: ScriptTarget.ES2022,
    esModuleInterop: true,
  };
  return transpileModule(text, { compilerOptions }).outputText;
}
