import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { alone } from "../interop/tools";

const folder = resolve(".tools/debian"); // of the clone in which make runs
const root = join(folder, "root");
const archive = "http://deb.debian.org/debian";
const keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
const longestMs = 5 * 60 * 1000;

/** Whether this machine can take Debian's packages at all. */
export function hasDebian(): boolean {
  const isThere = spawnSync("apt-get", ["--version"]).status === 0;
  return isThere && existsSync(keys) && process.arch === "x64";
}

/**
 * Unpacks the newest packages of Debian's unstable suite, with the libraries that they name, into a folder of ours: nothing of
 * the system changes. Answers the words that start a program of theirs, with the C library that it was linked against.
 */
export function unpack(packages: readonly string[]): void {
  const stamp = join(folder, `.${packages.join("-")}`);
  if (existsSync(stamp)) return;
  alone(() => {
    if (existsSync(stamp)) return;
    prepare();
    bring(packages);
    writeFileSync(stamp, "");
  });
}

function bring(packages: readonly string[]): void {
  apt("apt-get", ["update"]);
  const wanted = withLibraries(packages);
  const debs = join(folder, "debs");
  mkdirSync(debs, { recursive: true });
  apt("apt-get", ["download", ...wanted], debs);
  for (const deb of readdirSync(debs)) {
    execFileSync("dpkg-deb", ["-x", join(debs, deb), root]);
  }
}

/** The words that start a program which was unpacked. */
export function debianCommand(program: string): readonly string[] {
  const binary = join(root, "usr/bin", program);
  const libraries = join(root, "usr/lib/x86_64-linux-gnu");
  const loader = join(libraries, "ld-linux-x86-64.so.2");
  const isStatic = !readFileSync(binary).includes("ld-linux-x86-64.so.2");
  if (isStatic) return [binary];
  return [loader, "--library-path", libraries, binary];
}

function prepare(): void {
  for (const name of ["state/lists/partial", "cache/archives/partial"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  mkdirSync(root, { recursive: true });
  const source = `deb [signed-by=${keys}] ${archive} sid main\n`;
  writeFileSync(join(folder, "sources.list"), source);
}

/** apt with a state of its own: its lists, its cache, an empty list of what is installed. */
function apt(
  command: string,
  words: readonly string[],
  cwd: string = folder,
): string {
  const options = [
    `Dir::State=${folder}/state`,
    "Dir::State::status=/dev/null",
    `Dir::Cache=${folder}/cache`,
    `Dir::Etc::sourcelist=${folder}/sources.list`,
    "Dir::Etc::sourceparts=-",
    "Acquire::Languages=none",
    "APT::Sandbox::User=",
  ];
  return execFileSync(
    command,
    [...options.flatMap((one) => ["-o", one]), "-qq", ...words],
    { cwd, encoding: "utf8", timeout: longestMs, stdio: ["ignore", "pipe", 2] },
  );
}

/** What the packages depend on, as far as it is a library. */
function withLibraries(packages: readonly string[]): readonly string[] {
  const found = new Set(packages);
  for (const name of found) {
    const lines = apt("apt-cache", ["depends", "--important", name]);
    for (const [, library] of lines.matchAll(/^ +Depends: (lib[^\s<]+)$/gm)) {
      if (library !== undefined && !library.startsWith("libc-"))
        found.add(library);
    }
  }
  return [...found];
}
