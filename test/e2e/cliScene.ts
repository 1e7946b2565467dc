import {
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { inScene, type Scene, type SceneOptions } from "../lifecycle/scene";
import { stagedPackage } from "../lifecycle/stage";
import { canary } from "../lifecycle/witness";
import { start, type Outcome, type Running } from "./cli";

/** Two registries, a signer, and a stack of the real CLI whose program declares what it is told. */
export interface CliScene extends Scene {
  /** Runs `pulumi` with these arguments, as a pipeline does. */
  pulumi(...args: readonly string[]): Promise<Outcome>;
  /** The same, not waited for. */
  begin(...args: readonly string[]): Running;
  /** the stack's state, as it lies in the backend */
  stateText(): string;
  /** the state of one resource, by its name */
  resource(name: string): StoredResource | undefined;
  /** what the CLI has sent to the plugin and others so far, a JSON object a line */
  readonly grpcLog: string;
}

export interface StoredResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

const project = `name: project
runtime: nodejs
main: index.js
plugins:
  providers:
    - name: artifact-mirror
      path: node_modules/pulumi-artifact-mirror/plugin
`;

/** Opens a scene and its stack for the length of the work. */
export async function inCliScene(
  cli: string,
  options: SceneOptions,
  work: (scene: CliScene) => Promise<void>,
): Promise<void> {
  await inScene(options, async (scene) => {
    const opened = prepare(cli, scene, options);
    await initialise(opened, options);
    await work(opened);
  });
}

function prepare(cli: string, scene: Scene, options: SceneOptions): CliScene {
  const { folder } = scene;
  const at = (...parts: readonly string[]) => join(folder, ...parts);
  const installed = at("node_modules", "pulumi-artifact-mirror");
  rmSync(installed, { force: true });
  // copied, never linked: a dynamic provider of a linked package cannot be serialised
  cpSync(stagedPackage(), installed, { recursive: true });
  writeFileSync(at("Pulumi.yaml"), project);
  writeFileSync(at("package.json"), '{"name":"project"}\n');
  mkdirSync(at("backend"));
  writeDynamicProvider(at("bin"));
  const env = { ...environmentOf(folder), ...options.env };
  const begin: CliScene["begin"] = (...args) =>
    start(cli, [...args, "--non-interactive", "--color", "never"], {
      cwd: folder,
      env,
    });
  const stateFile = at("backend", ".pulumi", "stacks", "project", "dev.json");
  const stateText = () => readFileSync(stateFile, "utf8");
  return {
    ...scene,
    begin,
    pulumi: (...args) => begin(...args).outcome,
    stateText,
    grpcLog: at("grpc.json"),
    resource: (name) =>
      storedResources(stateText()).find(({ urn }) => urn.endsWith(`::${name}`)),
  };
}

/** Makes the stack, and configures how both registries are reached; the credentials are secret. */
async function initialise(
  { pulumi, source, destination }: CliScene,
  { provider = {} }: SceneOptions,
): Promise<void> {
  await must(pulumi("stack", "init", "dev"));
  const hosts = [source.host, destination.host];
  const credentials = hosts.map((registry) => ({
    registry,
    username: "mirror",
    password: canary,
  }));
  const open = {
    registries: hosts.map((host) => ({ host, plainHttp: true })),
    ...provider,
  };
  const setting = ([name, value]: readonly [string, unknown]) =>
    `artifact-mirror:${name}=${JSON.stringify(value)}`;
  const args = Object.entries(open).flatMap((one) => [
    "--plaintext",
    setting(one),
  ]);
  const secret = setting(["credentials", credentials]);
  await must(pulumi("config", "set-all", ...args, "--secret", secret));
}

function storedResources(state: string): readonly StoredResource[] {
  const { checkpoint } = JSON.parse(state);
  return checkpoint.latest?.resources ?? [];
}

/** Every released CLI has this script beside it; one that somebody built may not. */
function writeDynamicProvider(folder: string): void {
  const script = resolve("node_modules/@pulumi/pulumi/cmd/dynamic-provider");
  mkdirSync(folder);
  writeFileSync(
    join(folder, "pulumi-resource-pulumi-nodejs"),
    `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`,
    { mode: 0o755 },
  );
}

/** Nothing of the machine's own configuration and credentials; nothing is downloaded, no newer version asked for. */
function environmentOf(folder: string): Record<string, string | undefined> {
  const kept = ["TMPDIR", "LANG"];
  return {
    ...Object.fromEntries(kept.map((name) => [name, process.env[name]])),
    PATH: [process.env["PATH"], join(folder, "bin")].join(delimiter),
    HOME: folder,
    DOCKER_CONFIG: folder,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "e2e",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_STACK: "dev",
    PULUMI_DEBUG_GRPC: join(folder, "grpc.json"),
  };
}

/** The outcome, where it is a good one. */
export async function must(running: Promise<Outcome>): Promise<Outcome> {
  const outcome = await running;
  if (outcome.exitCode === 0) return outcome;
  throw new Error(`exit code ${outcome.exitCode}:\n${outcome.text}`);
}
