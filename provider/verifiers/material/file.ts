import { readFileSync, statSync } from "node:fs";
import { textOf } from "../../mirror/textOf";
import { digestOf, type Digest } from "../../oci/digest";
import type { FilePlace } from "./place";
import { materialText, maxMaterialBytes } from "./text";

/** A file's text and digest, relative to the program's directory. Throws an `Error` that says why it cannot be used; a pin must match. */
export function readMaterialFile({ path, digest: pinned }: FilePlace): {
  readonly text: string;
  readonly digest: Digest;
} {
  const bytes = bytesOf(path);
  const digest = digestOf(bytes);
  if (pinned !== undefined && pinned !== digest) {
    throw new Error(
      `names ${path} as ${pinned}, but it is ${digest}: the file was changed; if the change is right, correct the digest or run again`,
    );
  }
  return { text: materialText(bytes), digest };
}

// read in one go: Check is serial anyway, and the dynamic host must be configured within one turn
function bytesOf(path: string): Buffer {
  const { size, isFile } = statusOf(path);
  if (!isFile) throw new Error(`names ${path}, which is no file`);
  if (size > maxMaterialBytes) {
    throw new Error(
      `names ${path}, which has ${size} bytes; trust material has at most ${maxMaterialBytes}`,
    );
  }
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function statusOf(path: string): { size: number; isFile: boolean } {
  try {
    const stats = statSync(path);
    return { size: stats.size, isFile: stats.isFile() };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): Error {
  return new Error(
    `names ${path}, which cannot be read (${textOf(cause)}); paths are relative to the program's directory`,
    { cause },
  );
}
