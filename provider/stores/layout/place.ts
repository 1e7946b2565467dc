import { MirrorError, type Side, type Where } from "../../mirror/errors";

/** Where a layout lies, for paths and for messages. */
export interface Place {
  readonly side: Side;
  /** the directory as the user wrote it */
  readonly path: string;
  /** `oci:path` */
  readonly repository: string;
}

/** The layout breaks its own spec, or somebody has laid a trap. */
export function damaged(where: Where, why: string, cause?: unknown): Error {
  return new MirrorError({
    fault: "corrupt",
    code: "PROTOCOL",
    what: "could not use the OCI layout",
    where,
    why,
    remedy: "make the layout again, or name another directory",
    cause,
  });
}

/** The `code` of an error of the file system: `ENOENT`, `ENOSPC`, … */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const isErrno = "syscall" in error && "code" in error;
  return isErrno && typeof error.code === "string" ? error.code : undefined;
}

/** What leaves the store: an error of the file system gets its place, a stop its name, and others stay what they are. */
export function asFault(
  error: unknown,
  told: {
    readonly what: string;
    readonly where: Where;
    readonly signal: AbortSignal;
  },
): unknown {
  if (error instanceof MirrorError) return error;
  const { what, where, signal } = told;
  if (signal.aborted) {
    return new MirrorError({
      fault: "cancelled",
      code: "CANCELLED",
      what,
      where,
      why: "the run was stopped",
      remedy: "run again to go on",
      cause: error,
    });
  }
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  return new MirrorError({
    fault: "unreachable",
    code: "DISK",
    what,
    where,
    why: `the file system answers ${errno}`,
    remedy: remedies[errno] ?? "see to the directory and its disk",
    cause: error,
  });
}

const rights = "let this user read and write the directory";
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: "free some space on that disk",
  EDQUOT: "free some space, or have the quota raised",
  EFBIG: "raise the limit on the size of a file",
  EACCES: rights,
  EPERM: rights,
  EROFS: "name a directory that can be written",
};
