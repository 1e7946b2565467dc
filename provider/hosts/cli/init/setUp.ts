import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { parseDocument } from "yaml";
import { MirrorError } from "../../../mirror/errors";
import { withPluginEntry } from "./pluginEntry";

const projectFiles = ["Pulumi.yaml", "Pulumi.yml"];
const pluginFolder = join("node_modules", "pulumi-artifact-mirror", "plugin");

/** Writes the plugin's path into the `Pulumi.yaml` of the project around `folder`; answers what to tell the user. */
export function setUp(folder: string): string {
  const file = projectFile(folder);
  const text = readFileSync(file, "utf8");
  const path = pluginPath(file, programFolder(file, text));
  const written = withPluginEntry(text, path);
  if (written === text) return `${file} already has the plugin's path: ${path}`;
  writeFileSync(file, written);
  return `${file} now takes the plugin from ${path}`;
}

/** The nearest project file, upwards, as Pulumi looks for it. */
function projectFile(folder: string): string {
  for (const each of upwards(folder)) {
    const file = projectFiles
      .map((name) => join(each, name))
      .find((path) => existsSync(path));
    if (file !== undefined) return file;
  }
  throw refusal(
    `there is no Pulumi.yaml in ${folder} or above it`,
    "run init in the folder of a Pulumi program, or make one with pulumi new",
  );
}

/** Where the program's node_modules begin to be looked for: `main` may lead to another folder. */
function programFolder(file: string, text: string): string {
  const main: unknown = parseDocument(text).get("main");
  const folder = dirname(file);
  if (typeof main !== "string") return folder;
  const path = join(folder, main);
  return /\.[cm]?[jt]s$/.test(path) ? dirname(path) : path;
}

function pluginPath(file: string, program: string): string {
  const holder = upwards(program).find((folder) =>
    existsSync(join(folder, pluginFolder)),
  );
  if (holder === undefined)
    throw refusal(
      `pulumi-artifact-mirror is not in any node_modules of ${program} or above it`,
      "install it first: npm install pulumi-artifact-mirror",
    );
  const path = relative(dirname(file), join(holder, pluginFolder));
  return path.split(sep).join("/");
}

function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

function refusal(why: string, remedy: string): MirrorError {
  return new MirrorError({
    fault: "absent",
    code: "INVALID_INPUT",
    what: "could not set up the project",
    why,
    remedy,
  });
}
