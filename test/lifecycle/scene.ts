import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { EngineOptions } from "../engine/engine";
import {
  startRegistry,
  type RegistryOptions,
  type TestRegistry,
} from "../registry/registry";
import { image } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import { keySigner, type KeySigner } from "../samples/signers";
import {
  inRegistry,
  put,
  type Sample,
  type SampleDescriptor,
  type Target,
} from "../samples/target";
import { emptyFolder } from "./project";
import { program } from "./sceneProgram";
import { stagedPackage, stagedPlugin } from "./stage";
import { canary, WitnessedEngine } from "./witness";

/** One resource of the scene's program. In its arguments `{ $secret }`, `{ $unknown }` and `{ $config }` stand for such values. */
export interface Declared {
  /** default `MirroredArtifact` */
  readonly type?: "MirroredArtifact" | "MirroredRepository";
  readonly args: Readonly<Record<string, unknown>>;
  /** resource options; `provider: true` takes the explicit provider */
  readonly options?: Readonly<Record<string, unknown>>;
  /** only looked at: `get(name, id)` of the type */
  readonly get?: string;
}

/** One call of a function in the scene's program; its answer is the output `<name>Answer`. */
export interface AskedFunction {
  /** default `verifyArtifact` */
  readonly function?: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** the form that answers a promise */
  readonly direct?: boolean;
  /** takes the explicit provider */
  readonly provider?: boolean;
}

export interface SceneOptions {
  readonly source?: RegistryOptions;
  readonly destination?: RegistryOptions;
  readonly engine?: Partial<EngineOptions>;
  /** members of the provider's configuration beside `registries` and `credentials` */
  readonly provider?: Readonly<Record<string, unknown>>;
  readonly dynamic?: boolean;
  /** more of the environment of the program and the plugin */
  readonly env?: NodeJS.ProcessEnv;
}

/** Two registries with token servers, a signer, and one stack whose program declares what it is told. */
export interface Scene {
  readonly source: TestRegistry;
  readonly destination: TestRegistry;
  readonly vendor: Target;
  readonly mirror: Target;
  readonly signer: KeySigner;
  readonly engine: WitnessedEngine;
  readonly folder: string;
  readonly from: string;
  readonly to: string;
  /** the policy that admits what `signer` signed */
  readonly policy: object;
  /** runs before each call to the provider, in preview and up alike */
  onCall: NonNullable<EngineOptions["onCall"]>;
  /** declares `app` with these members beside source, destination and policy */
  app(
    more?: Readonly<Record<string, unknown>>,
    options?: Declared["options"],
  ): void;
  declare(
    resources: Readonly<Record<string, Declared>>,
    provider?: object,
    functions?: Readonly<Record<string, AskedFunction>>,
  ): void;
  /** puts an image under the tag at the source, and signs it unless told otherwise */
  publish(
    seed: string,
    how?: {
      readonly signed?: boolean;
      readonly signer?: KeySigner;
      readonly tag?: string;
      readonly sample?: Sample;
    },
  ): Promise<SampleDescriptor>;
  close(): Promise<void>;
}

const user = { password: canary };

/** Opens a scene; close it whatever happens. */
async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const registry = (more: RegistryOptions = {}) =>
    startRegistry({
      auth: "token",
      users: { mirror: { ...user, allows: ["*:*:*"] } },
      ...more,
    });
  const [source, destination] = await Promise.all([
    registry(options.source),
    registry(options.destination),
  ]);
  const folder = emptyFolder();
  install(folder.path);
  const signer = keySigner();
  const vendor = inRegistry(source, "acme/app");
  const engine = new WitnessedEngine(
    {
      projectDir: folder.path,
      main: "index.js",
      plugins: { "artifact-mirror": stagedPlugin() },
      config: configOf([source, destination], options.provider),
      onCall: (call) => scene.onCall(call),
      env: {
        ...process.env,
        DOCKER_CONFIG: folder.path,
        HOME: folder.path,
        ...options.env,
      },
      ...options.engine,
    },
    [source, destination],
  );
  const from = `${source.host}/acme/app:1`;
  const to = `${destination.host}/mirror/app:1`;
  const policy = {
    signedBy: [
      { key: { publicKey: signer.publicKeyPem, tlog: "not-required" } },
    ],
  };
  const { dynamic } = options;
  const declare: Scene["declare"] = (resources, provider, functions) =>
    writeFileSync(
      join(folder.path, "declared.json"),
      JSON.stringify({ resources, provider, functions, dynamic }),
    );
  const scene: Scene = {
    onCall: async () => {},
    source,
    destination,
    vendor,
    mirror: inRegistry(destination, "mirror/app"),
    signer,
    engine,
    folder: folder.path,
    from,
    to,
    policy,
    declare,
    app: (more = {}, opts = {}) =>
      declare({
        app: {
          args: { source: from, destination: to, policy, ...more },
          options: opts,
        },
      }),
    publish: async (seed, how = {}) => {
      const descriptor = await put(
        vendor,
        how.sample ?? image({ seed }),
        how.tag ?? "1",
      );
      if (how.signed === false) return descriptor;
      const layers = [await signatureLayer(descriptor, how.signer ?? signer)];
      await attachLegacy(vendor, descriptor, { suffix: "sig", layers });
      return descriptor;
    },
    close: async () => {
      await Promise.all([source.close(), destination.close()]);
      folder.remove();
      engine.mustBeClean();
    },
  };
  return scene;
}

/** Plain HTTP is named for each host, and each has its own credential. */
function configOf(
  registries: readonly TestRegistry[],
  more: Readonly<Record<string, unknown>> = {},
): Record<string, string> {
  const members: Record<string, unknown> = {
    registries: registries.map(({ host }) => ({ host, plainHttp: true })),
    credentials: registries.map(({ host }) => ({
      registry: host,
      username: "mirror",
      password: user.password,
    })),
    ...more,
  };
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      `artifact-mirror:${name}`,
      JSON.stringify(value),
    ]),
  );
}

/** The staged package and Pulumi's SDK, as a project has them. */
function install(folder: string): void {
  const links = {
    "pulumi-artifact-mirror": stagedPackage(),
    "@pulumi/pulumi": "node_modules/@pulumi/pulumi",
  };
  for (const [name, path] of Object.entries(links)) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(resolve(path), link);
  }
  writeFileSync(join(folder, "index.js"), program);
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: project\nruntime: nodejs\n",
  );
}

/** Opens a scene for the length of the work. */
export async function inScene(
  options: SceneOptions,
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  const scene = await openScene(options);
  try {
    await work(scene);
  } finally {
    await scene.close();
  }
}
