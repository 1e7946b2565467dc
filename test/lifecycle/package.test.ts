import { spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { version } from "../../package.json";
import { Engine } from "../engine/engine";
import { startRegistry, type TestRegistry } from "../registry/registry";
import { writes } from "../registry/recorder";
import { image } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { keySigner } from "../samples/signers";
import { inRegistry, put } from "../samples/target";
import {
  emptyFolder,
  languageHost,
  plainHttp,
  pluginsOf,
  type Folder,
} from "./project";

const tarball = resolve("dist", `pulumi-artifact-mirror-${version}.tgz`);

/** `--prefer-offline`: npm asks the registry only for what its cache does not have. */
const install = ["install", "--ignore-scripts", "--prefer-offline", tarball];

const init = ["--no-install", "pulumi-artifact-mirror", "init"];

const program = `
import * as pulumi from "@pulumi/pulumi";
import * as mirror from "pulumi-artifact-mirror";
const config = new pulumi.Config();
const app = new mirror.MirroredArtifact("app", {
  source: config.require("source"),
  destination: config.require("destination"),
  policy: { signedBy: [{ key: { publicKey: config.require("key"), tlog: "not-required" } }] },
});
export const image = app.ref;
`;

describe("the packed package, installed without scripts in an empty project", () => {
  let project: Folder;
  let source: TestRegistry;
  let destination: TestRegistry;
  const signer = keySigner();
  const sample = image({ seed: "packed" });

  beforeAll(async () => {
    project = emptyFolder();
    write("package.json", `{ "private": true }\n`);
    write("Pulumi.yaml", "name: packed\nruntime: nodejs\n");
    write("index.ts", program);
    const installed = run("npm", install);
    if (installed.status !== 0) throw new Error(installed.stderr);
    expect(run("npx", init)).toMatchObject({ status: 0 });
    [source, destination] = await Promise.all([
      startRegistry(),
      startRegistry(),
    ]);
    const target = inRegistry(source, "acme/app");
    const subject = await put(target, sample, "1.4.2");
    const layers = [await signatureLayer(subject, signer)];
    await attachLegacy(target, subject, { suffix: "sig", layers });
  }, 300_000);

  afterAll(async () => {
    await Promise.all([source?.close(), destination?.close()]);
    project?.remove();
  });

  test("holds the SDK, the dynamic SDK, the command and the plugin", () => {
    const files = readdirSync(packagePath(), { recursive: true });
    expect(files).toEqual(
      expect.arrayContaining([
        "index.js",
        "index.d.ts",
        "cli.js",
        "dynamic/index.js",
        "dynamic/index.d.ts",
        "dynamic/host.js",
        "program/gate.js",
        "program/gate.d.ts",
        "program/estate.js",
        "plugin/apart/azure-identity.js",
        "plugin/apart/undici.js",
        "plugin/main.js",
        "NOTICES.txt",
        "estate.schema.json",
        "plugin/PulumiPlugin.yaml",
        "plugin/package.json",
        "plugin/pulumi-resource-artifact-mirror",
        "plugin/pulumi-resource-artifact-mirror.cmd",
      ]),
    );
    expect(files).not.toContain("PulumiPlugin.yaml");
  });

  test("says nothing that would make Pulumi download a plugin, and has one dependency", () => {
    const manifest = JSON.parse(read(packagePath("package.json")));
    expect(manifest).not.toHaveProperty("pulumi");
    expect(Object.keys(manifest.dependencies)).toEqual(["@pulumi/pulumi"]);
    expect(manifest).not.toHaveProperty("private");
  });

  test("keeps the plugin executable", () => {
    const executable = packagePath("plugin/pulumi-resource-artifact-mirror");
    expect(() => accessSync(executable, constants.X_OK)).not.toThrow();
    expect(read(executable)).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  test("sets itself up with npx, once", () => {
    const text = read(join(project.path, "Pulumi.yaml"));
    expect(text).toBe(`name: packed
runtime: nodejs
plugins:
  providers:
    - name: artifact-mirror
      path: node_modules/pulumi-artifact-mirror/plugin
`);
    expect(run("npx", init)).toMatchObject({ status: 0 });
    expect(read(join(project.path, "Pulumi.yaml"))).toBe(text);
  });

  test("runs its other commands with npx", () => {
    write(
      "regsync.yml",
      "sync: [{ source: up.example/a:1, target: corp.example/a:1, type: image }]\n",
    );
    const npx = (...line: readonly string[]) =>
      run("npx", ["--no-install", "pulumi-artifact-mirror", ...line]);
    const converted = npx("convert", "regsync.yml", "--unverified", "a test");
    expect(converted).toMatchObject({ status: 0 });
    expect(npx("estate", "estate.yaml")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("up.example/a:1"),
    });
    expect(npx("verify").status).toBe(2);
  });

  test("does preview, up, refresh and destroy, and downloads nothing", async () => {
    // with types, by the TypeScript that Pulumi brings (3.8, node10 resolution)
    const preview = await engineOf({}).preview();
    expect(preview).toMatchObject({ exitCode: 0 });
    expect(writes(destination.requests)).toEqual([]);

    const engine = engineOf({ PULUMI_NODEJS_TRANSPILE_ONLY: "true" });
    const up = await engine.up();
    expect(up).toMatchObject({
      exitCode: 0,
      outputs: {
        image: `${destination.host}/mirror/app@${sample.descriptor.digest}`,
      },
    });
    expect(destination.tag("mirror/app", "1.4.2")).toBe(
      sample.descriptor.digest,
    );

    const again = await engine.preview({ expectNoChanges: true });
    expect(again).toMatchObject({ exitCode: 0 });
    expect(await engine.refresh()).toMatchObject({ exitCode: 0 });
    expect(await engine.destroy()).toMatchObject({ exitCode: 0 });
    expect(destination.tag("mirror/app", "1.4.2")).toBe(
      sample.descriptor.digest,
    );

    const info = up.calls.find(({ method }) => method === "GetPluginInfo");
    expect(info?.response).toEqual({ version });
    expect(everyWarning([preview, up, again])).toEqual([]);
    expect(pluginCache()).toEqual([]);
  }, 300_000);

  test.each([
    ["nodenext", "nodenext"],
    ["bundler", "esnext"],
  ])("has types that resolve under %s", (moduleResolution, module) => {
    write(
      "types.ts",
      `${program}
import * as dynamic from "pulumi-artifact-mirror/dynamic";
export const type: typeof dynamic.MirroredArtifact = dynamic.MirroredArtifact;
const wanted = { app: { source: "a", destination: "b", policy: { unverified: "c" } } };
export const judged: Promise<void> = mirror.gate(wanted, { parallel: 4 });
export const all: Promise<mirror.Estate> = mirror.estate("estate.yaml");
`,
    );
    const compilerOptions = {
      moduleResolution,
      module,
      target: "es2022",
      strict: true,
      noEmit: true,
      types: [],
    };
    write(
      "tsconfig.check.json",
      JSON.stringify({ compilerOptions, files: ["types.ts"] }),
    );
    const tsc = resolve("node_modules", ".bin", "tsc");
    const checked = run(tsc, ["-p", "tsconfig.check.json"]);
    expect(checked.stdout).toBe("");
  });

  test("is of one version: package, plugin, SDK and schema", () => {
    const plugin = JSON.parse(read(packagePath("plugin/package.json")));
    const manifest = JSON.parse(read(packagePath("package.json")));
    const schema = JSON.parse(read("schema.json"));
    const sdk = require(packagePath("utilities.js"));
    expect([
      manifest.version,
      plugin.version,
      schema.version,
      sdk.getVersion(),
    ]).toEqual([version, version, version, version]);
  });

  function engineOf(more: NodeJS.ProcessEnv): Engine {
    return new Engine({
      projectDir: project.path,
      plugins: pluginsOf(project.path),
      config: {
        "project:source": `${source.host}/acme/app:1.4.2`,
        "project:destination": `${destination.host}/mirror/app:1.4.2`,
        "project:key": signer.publicKeyPem,
        "artifact-mirror:registries": plainHttp(source, destination),
      },
      env: { ...environment(), ...more },
    });
  }

  function packagePath(path = ""): string {
    return join(project.path, "node_modules", "pulumi-artifact-mirror", path);
  }

  function write(path: string, text: string): void {
    const file = join(project.path, path);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  }

  function run(command: string, args: readonly string[]) {
    const cwd = project.path;
    return spawnSync(command, [...args], { cwd, encoding: "utf8" });
  }

  /** Pulumi's home is an empty folder of ours, so that a plugin cache would be seen. */
  function environment(): NodeJS.ProcessEnv {
    const home = join(project.path, "home");
    return { ...process.env, ...languageHost, PULUMI_HOME: home };
  }

  function pluginCache(): string[] {
    const cache = join(project.path, "home");
    return existsSync(cache) ? readdirSync(cache) : [];
  }
});

function read(path: string): string {
  return readFileSync(path, "utf8");
}

function everyWarning(
  reports: readonly {
    readonly diagnostics: readonly { severity: string; message: string }[];
  }[],
): string[] {
  return reports
    .flatMap(({ diagnostics }) => diagnostics)
    .filter(({ severity }) => severity === "warning" || severity === "error")
    .map(({ message }) => message);
}
