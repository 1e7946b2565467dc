import { buildSync } from "esbuild";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import repository from "../package.json";
import {
  pluginManifest,
  publishedManifest,
  pulumiPlugin,
  windowsLauncher,
} from "./packing/manifests";
import { atHome } from "./packing/atHome";
import { noticesOf } from "./packing/notices";

const staged = join("dist", "package");
const bundled = [
  "provider/hosts/plugin/main.ts",
  "provider/hosts/dynamic.ts",
  "provider/hosts/cli/main.ts",
];

/** Stages the published package in dist/package and packs it into dist. Wants the bundles that `make build` makes. */
function main(): void {
  rmSync(staged, { recursive: true, force: true });
  stageSdk();
  copy(join("dist", "dynamic", "host.js"), join("dynamic", "host.js"));
  stagePlugin();
  stageCommand();
  stagePapers();
  const packed = execFileSync(
    "npm",
    ["pack", `./${staged}`, "--pack-destination", "dist", "--ignore-scripts"],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  console.log(`packed: dist/${packed.trim()}`);
}

/** The SDK at the root, and the dynamic one in a folder of the same name, since node10 resolution reads no exports. */
function stageSdk(): void {
  rmSync(join("dist", "sdk"), { recursive: true, force: true });
  execFileSync("tsc", ["-p", "sdk"], { stdio: "inherit" });
  const from = join("dist", "sdk");
  cpSync(join(from, "nodejs"), staged, { recursive: true });
  for (const folder of ["dynamic", "program"])
    for (const file of readdirSync(join(from, folder))) {
      const text = readFileSync(join(from, folder, file), "utf8");
      write(join(folder, file), atHome(join(folder, file), text));
    }
  for (const file of ["index.js", "index.d.ts"]) {
    const text = readFileSync(join(from, "nodejs", file), "utf8");
    write(file, atHome(file, text));
  }
}

function stagePlugin(): void {
  const executable = join("plugin", "pulumi-resource-artifact-mirror");
  copy(join("dist", "plugin", "main.js"), join("plugin", "main.js"));
  const apart = join("plugin", "apart"); // libraries that few need
  cpSync(join("dist", apart), join(staged, apart), { recursive: true });
  copy(join("dist", executable), executable);
  chmodSync(join(staged, executable), 0o755);
  write(`${executable}.cmd`, windowsLauncher);
  write(join("plugin", "PulumiPlugin.yaml"), pulumiPlugin);
  write(join("plugin", "package.json"), json(pluginManifest(repository)));
}

/** The command, beside the plugin, whose libraries it shares. */
function stageCommand(): void {
  copy(join("dist", "cli", "cli.js"), "cli.js");
  chmodSync(join(staged, "cli.js"), 0o755);
}

function stagePapers(): void {
  write("package.json", json(publishedManifest(repository)));
  for (const paper of ["README.md", "LICENSE", "CHANGELOG.md"])
    if (existsSync(paper)) copy(paper, paper);
  copy("estate.schema.json", "estate.schema.json"); // for editors
  write("NOTICES.txt", noticesOf(bundledFiles()));
}

/** Every file that went into one of the bundles. */
function bundledFiles(): string[] {
  const { metafile } = buildSync({
    entryPoints: bundled,
    outdir: "dist",
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["@pulumi/pulumi"],
    metafile: true,
    write: false,
  });
  return Object.keys(metafile.inputs);
}

function copy(from: string, to: string): void {
  write(to, readFileSync(from));
}

function write(path: string, content: string | Uint8Array): void {
  const file = join(staged, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

main();
