import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";

/** A folder outside of the repository. */
export interface Folder {
  readonly path: string;
  remove(): void;
}

/** What Pulumi's language host says to a program unless Pulumi.yaml has another opinion. */
export const languageHost = { PULUMI_NODEJS_TYPESCRIPT: "true" };

/** An empty folder outside of the repository. */
export function emptyFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "project-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** An example as a user has it: a copy, with the staged package copied (never linked) into its node_modules. */
export function exampleProject(name: string): Folder {
  const folder = emptyFolder();
  cpSync(join("examples", name), folder.path, { recursive: true });
  const modules = join(folder.path, "node_modules");
  cpSync(join("dist", "package"), join(modules, "pulumi-artifact-mirror"), {
    recursive: true,
  });
  for (const each of [
    "@pulumi/pulumi",
    "@pulumi/aws",
    "@types/node",
    "typescript",
  ]) {
    mkdirSync(dirname(join(modules, each)), { recursive: true });
    symlinkSync(resolve("node_modules", each), join(modules, each));
  }
  return folder;
}

/** The executables that a project's Pulumi.yaml names, as Pulumi finds them: `plugins.providers[].path` and the plugin's name. */
export function pluginsOf(project: string): Record<string, string> {
  const { plugins } = parse(readFileSync(join(project, "Pulumi.yaml"), "utf8"));
  return Object.fromEntries(
    plugins.providers.map(({ name, path }: { name: string; path: string }) => [
      name,
      join(project, path, `pulumi-resource-${name}`),
    ]),
  );
}

/** What a user configures to reach test registries: plain HTTP, by host. */
export function plainHttp(
  ...registries: readonly { readonly host: string }[]
): string {
  return JSON.stringify(
    registries.map(({ host }) => ({ host, plainHttp: true })),
  );
}
