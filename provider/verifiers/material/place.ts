import { parseDigest, type Digest } from "../../oci/digest";
import { parseReference, type Reference } from "../../oci/reference";

/** A file beside the program; pinned once Check has seen it. */
export interface FilePlace {
  readonly kind: "file";
  readonly path: string;
  readonly digest?: Digest;
}

/** An artifact of one layer, which is the material. */
export interface ArtifactPlace {
  readonly kind: "artifact";
  readonly reference: Reference;
  readonly digest: Digest;
}

/** Where a piece of trust material lies, if not in the policy itself. */
export type MaterialPlace = FilePlace | ArtifactPlace;

const pinnedFile = /^(?<path>[^]+)@(?<digest>sha(?:256|512):[^/\\]*)$/;

/** Whether a piece of trust material is named instead of given. */
export function isPlace(text: string): boolean {
  return text.startsWith("file:") || text.startsWith("artifact:");
}

/** Reads `file:PATH`, `file:PATH@sha256:…` or `artifact:REPOSITORY@sha256:…`; `undefined`: the text is the material itself. Throws an `Error` that says what is wrong. */
export function placeOf(text: string): MaterialPlace | undefined {
  if (text.startsWith("file:")) return fileAt(text.slice("file:".length));
  if (!text.startsWith("artifact:")) return undefined;
  const reference = parseReference(text.slice("artifact:".length));
  const { digest } = reference;
  if (digest !== undefined) return { kind: "artifact", reference, digest };
  throw new Error(
    "names an artifact without its digest: write `artifact:REPOSITORY@sha256:…`, because whoever moves a tag would choose whom you trust",
  );
}

function fileAt(text: string): FilePlace {
  const { path = text, digest } = pinnedFile.exec(text)?.groups ?? {};
  if (path === "" || path.includes("\0")) {
    throw new Error("names no file: write `file:` and its path");
  }
  return digest === undefined
    ? { kind: "file", path }
    : { kind: "file", path, digest: parseDigest(digest) };
}
