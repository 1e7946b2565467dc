import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** A file that breaks one rule. */
export interface Breakage {
  /** the rule that must speak */
  readonly rule: string;
  /** where the file is put */
  readonly path: string;
  readonly text: string;
}

const root = resolve(__dirname, "../..");

/** Runs `body` in a copy of the tree with the breakages planted, and removes the copy. */
export function inBrokenCopy<T>(
  breakages: readonly Breakage[],
  body: (folder: string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), "breakages-"));
  try {
    for (const name of ["provider", "package.json", "tsconfig.json"]) {
      cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    for (const { path, text } of breakages) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The rules' own file, and the tools' programs. */
export const places = {
  layers: join(root, "test/architecture/layers.cjs"),
  lint: join(root, "test/architecture/oxlint.json"),
  bin: join(root, "node_modules/.bin"),
};
