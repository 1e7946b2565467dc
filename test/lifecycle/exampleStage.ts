import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Engine, type EngineOptions } from "../engine/engine";
import { startRegistry, type TestRegistry } from "../registry/registry";
import { image } from "../samples/artifacts";
import { attachLegacy } from "../samples/attach";
import { signatureLayer } from "../samples/legacyEvidence";
import type { KeySigner } from "../samples/signers";
import { inRegistry, put, type SampleDescriptor } from "../samples/target";
import {
  exampleProject,
  languageHost,
  plainHttp,
  pluginsOf,
  type Folder,
} from "./project";

/** Examples are type-checked with the rest of the tree; here they only run. */
const env = {
  ...process.env,
  ...languageHost,
  PULUMI_NODEJS_TRANSPILE_ONLY: "true",
};

/** How an example is run: its files beside the program, and whatever the engine takes. */
export interface ExampleRun extends Partial<EngineOptions> {
  readonly files?: Readonly<Record<string, string>>;
}

/** Two registries, and the examples as a user has them. */
export interface ExampleStage {
  readonly outside: TestRegistry;
  readonly inside: TestRegistry;
  /** what `registries` must say so that both are reached */
  readonly registries: string;
  /** An image in the outer registry, signed by each of the keys. */
  publish(
    repository: string,
    tag: string,
    signers: readonly KeySigner[],
  ): Promise<SampleDescriptor>;
  /** A copy of an example's folder, removed at the end. */
  project(name: string): Folder;
  /** An engine over a copy. */
  engineOf(folder: Folder, name: string, run: ExampleRun): Engine;
  /** Both of them. */
  start(name: string, run?: ExampleRun): Engine;
}

/** Opens a stage, and closes it whatever happens. */
export async function onExampleStage(
  act: (stage: ExampleStage) => Promise<void>,
): Promise<void> {
  const folders: Folder[] = [];
  const [outside, inside] = await Promise.all([
    startRegistry(),
    startRegistry(),
  ]);
  const registries = plainHttp(outside, inside);
  const project = (name: string) => {
    const folder = exampleProject(name);
    folders.push(folder);
    return folder;
  };
  const engineOf: ExampleStage["engineOf"] = ({ path }, name, run) => {
    const { files = {}, ...options } = run;
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(path, file), text);
    }
    return new Engine({
      ...options,
      projectDir: path,
      project: name,
      plugins: pluginsOf(path),
      config: { "artifact-mirror:registries": registries, ...options.config },
      env,
    });
  };
  try {
    await act({
      outside,
      inside,
      registries,
      project,
      engineOf,
      start: (name, run = {}) => engineOf(project(name), name, run),
      publish: (repository, tag, signers) =>
        publish(outside, { repository, tag }, signers),
    });
  } finally {
    await Promise.all([outside.close(), inside.close()]);
    for (const folder of folders) folder.remove();
  }
}

async function publish(
  outside: TestRegistry,
  { repository, tag }: { readonly repository: string; readonly tag: string },
  signers: readonly KeySigner[],
): Promise<SampleDescriptor> {
  const target = inRegistry(outside, repository);
  const subject = await put(target, image({ seed: repository }), tag);
  if (signers.length === 0) return subject;
  const layers = await Promise.all(
    signers.map((signer) => signatureLayer(subject, signer)),
  );
  await attachLegacy(target, subject, { suffix: "sig", layers });
  return subject;
}
