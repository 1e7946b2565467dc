import {
  execFile,
  type ExecFileOptionsWithStringEncoding,
} from "node:child_process";
import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import type { Environment } from "../environment";
import { brokenSource, givenUp, type FoundLogin } from "../finder";

const defaultTimeoutMs = 30_000;
const maxBytes = 64 * 1024;
const notFound = "credentials not found in native keychain";

/** A credential helper: its name as the docker configuration has it, and where that stands. */
export interface HelperCall {
  readonly helper: string;
  /** what the helper is asked for */
  readonly server: string;
  readonly source: string;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  /** how long it may take; 30 seconds */
  readonly timeoutMs?: number;
}

/** Runs `docker-credential-<name> get`. What it prints is a secret: no message repeats it (N44). */
export async function askHelper(
  call: HelperCall,
): Promise<FoundLogin | undefined> {
  const path = await locate(call);
  const { stdout, failed } = await run(path, call);
  if (call.signal.aborted) throw givenUp(call.source, call.signal);
  if (failed === undefined) return read(stdout, call);
  if (stdout.trim() === notFound) return undefined;
  throw broken(call, failed);
}

function broken(call: HelperCall, why: string, remedy?: string): Error {
  const { helper, source, server } = call;
  const program = `docker-credential-${isHelperName(helper) ? helper : "…"}`;
  return brokenSource(
    `${program} (${source})`,
    why,
    remedy ??
      `see what \`echo ${server} | ${program} get\` says, or log in again`,
  );
}

function isHelperName(name: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(name);
}

/** An absolute path from PATH; empty and relative entries would mean the working directory (N45). */
async function locate(call: HelperCall): Promise<string> {
  if (!isHelperName(call.helper))
    throw broken(call, "its name is not one of a helper", "mend that file");
  const folders = (call.environment["PATH"] ?? "")
    .split(delimiter)
    .filter(isAbsolute);
  for (const folder of folders) {
    const path = join(folder, `docker-credential-${call.helper}`);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  throw broken(
    call,
    "it is not found in PATH",
    "install it, or take it out of that file",
  );
}

interface Run {
  readonly stdout: string;
  /** why it did not end well */
  readonly failed: string | undefined;
}

function run(path: string, call: HelperCall): Promise<Run> {
  return new Promise((resolve) => {
    const options: ExecFileOptionsWithStringEncoding = {
      encoding: "utf8",
      env: { ...call.environment },
      timeout: call.timeoutMs ?? defaultTimeoutMs,
      maxBuffer: maxBytes,
      killSignal: "SIGKILL",
      signal: call.signal,
      windowsHide: true,
    };
    const child = execFile(path, ["get"], options, (error, stdout) => {
      resolve({
        stdout,
        failed: error === null ? undefined : whyFailed(error, options),
      });
    });
    child.stdin?.on("error", () => undefined); // a helper may exit without reading
    child.stdin?.end(call.server);
  });
}

function whyFailed(
  error: Error & { code?: unknown; killed?: boolean },
  { timeout = 0 }: ExecFileOptionsWithStringEncoding,
): string {
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER")
    return "it printed more than 64 KiB";
  if (error.killed === true)
    return `it did not end within ${timeout / 1000} seconds`;
  return typeof error.code === "number"
    ? `it ended with exit code ${error.code}`
    : "it could not be run";
}

function read(stdout: string, call: HelperCall): FoundLogin | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(stdout);
  } catch {
    throw broken(call, "it did not answer in JSON");
  }
  const fields = new Map<string, unknown>(
    typeof answer === "object" && answer !== null ? Object.entries(answer) : [],
  );
  const [username, secret] = [fields.get("Username"), fields.get("Secret")];
  if (typeof username !== "string" || typeof secret !== "string")
    throw broken(call, "its answer has no user and secret");
  if (secret === "") return undefined;
  const source = `docker-credential-${call.helper} (${call.source})`;
  return username === "<token>"
    ? { kind: "identityToken", source, secret }
    : { kind: "basic", source, username, secret }; // W26
}
