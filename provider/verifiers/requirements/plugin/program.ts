import { open } from "node:fs/promises";
import { PluginFailure } from "./failure";

const headLength = 20;

/**
 * Throws `PLUGIN_ERROR` unless the file is a script that names its interpreter, or a program for this machine.
 * The C library would hand anything else to a shell.
 */
export async function requireProgram(path: string): Promise<void> {
  const head = await headOf(path);
  if (head.subarray(0, 2).toString("latin1") === "#!") return;
  if (process.platform !== "linux") return;
  if (kindOf(head) === kindOf(await headOf(process.execPath))) return;
  throw new PluginFailure(
    "PLUGIN_ERROR",
    `is no program for this machine (${process.platform} ${process.arch}), and no script that begins with #!`,
  );
}

/** An ELF file's magic number, word size, byte order and machine. */
function kindOf(head: Buffer): string {
  return Buffer.concat([head.subarray(0, 6), head.subarray(18, 20)]).toString(
    "hex",
  );
}

async function headOf(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { buffer } = await file.read(
    Buffer.alloc(headLength),
    0,
    headLength,
    0,
  );
  return buffer;
}
