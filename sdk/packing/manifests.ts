/** What the published package takes over from the repository's own `package.json`. */
export interface RepositoryPackage {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: { readonly "@pulumi/pulumi": string };
}

/**
 * The published `package.json`. It has no `pulumi.resource`, because that makes `pulumi install` download a plugin,
 * and one dependency, because everything else is inside the bundles.
 */
export function publishedManifest(repository: RepositoryPackage): object {
  const { name, version, description, keywords, license } = repository;
  return {
    name,
    version,
    description,
    keywords,
    license,
    engines: repository.engines,
    main: "./index.js",
    types: "./index.d.ts",
    bin: { [name]: "./cli.js" },
    exports: {
      ".": entry("./index"),
      "./dynamic": entry("./dynamic/index"),
      "./dynamic/host": "./dynamic/host.js",
      "./estate.schema.json": "./estate.schema.json",
      "./package.json": "./package.json",
    },
    files: [
      "*.js",
      "*.d.ts",
      "*.md",
      "NOTICES.txt",
      "estate.schema.json",
      "config",
      "types",
      "dynamic",
      "program",
      "plugin",
    ],
    dependencies: {
      "@pulumi/pulumi": `^${repository.dependencies["@pulumi/pulumi"]}`,
    },
  };
}

function entry(path: string): object {
  return { types: `${path}.d.ts`, default: `${path}.js` };
}

/** `plugin/package.json`: says what the folder is to those who run it without the executable. */
export function pluginManifest({
  version,
  license,
  engines,
}: RepositoryPackage): object {
  return {
    name: "pulumi-resource-artifact-mirror",
    version,
    license,
    engines,
    private: true,
    main: "./pulumi-resource-artifact-mirror",
  };
}

/** `plugin/PulumiPlugin.yaml`. Only here: in the SDK's root Pulumi would start the SDK as if it were the plugin. */
export const pulumiPlugin = "runtime: nodejs\n";

/** The executable's twin for Windows. */
export const windowsLauncher =
  '@echo off\r\nnode "%~dp0pulumi-resource-artifact-mirror" %*\r\n';
