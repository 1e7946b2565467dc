import { readFile, stat } from "node:fs/promises";
import { MirrorError } from "../../mirror/errors";
import { textOf } from "../../mirror/textOf";
import { maxFileBytes } from "./yamlFile";

/** The text of an estate file, relative to the program's folder. */
export async function estateText(path: string): Promise<string> {
  const bytes = await bytesOf(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(path, "it is not UTF-8 text", cause);
  }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    const status = await stat(path);
    if (!status.isFile()) throw new Error("it is no file");
    if (status.size > maxFileBytes) {
      throw new Error(
        `it has ${status.size} bytes; an estate file has at most ${maxFileBytes}`,
      );
    }
    return await readFile(path);
  } catch (cause) {
    throw unreadable(path, isMissing(cause) ? missing : textOf(cause), cause);
  }
}

const missing = "there is no such file";

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOENT";
}

function unreadable(path: string, why: string, cause: unknown): MirrorError {
  return new MirrorError({
    fault: "invalid",
    code: "INVALID_INPUT",
    what: "could not read the estate",
    where: { reference: path },
    why,
    remedy: "give a file that the program can read, relative to its folder",
    cause,
  });
}
