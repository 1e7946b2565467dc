import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MirrorError } from "../../../../provider/mirror/errors";
import type { Destination, Reach } from "../../../../provider/mirror/ports";
import {
  algorithmOf,
  hexOf,
  type Digest,
} from "../../../../provider/oci/digest";
import { layoutStore } from "../../../../provider/stores/layout/layout";

export const reach: Reach = {
  send: () => Promise.reject(new Error("a layout has no network")),
  signal: new AbortController().signal,
  now: () => new Date(),
};

/** A directory for one test, which need not be a layout yet. */
export interface Place {
  readonly path: string;
  readonly source: Destination;
  readonly destination: Destination;
  fileOf(digest: Digest): string;
  /** Makes a layout by hand, past the store. */
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  index(): Promise<{ manifests: { digest: string; annotations?: object }[] }>;
  remove(): Promise<void>;
}

/** A new place below the directory for temporary files. */
export async function newPlace(): Promise<Place> {
  const parent = await mkdtemp(join(tmpdir(), "layout-"));
  const path = join(parent, "layout");
  const reference = { kind: "layout", path } as const;
  return {
    path,
    source: layoutStore(reference, "source"),
    destination: layoutStore(reference, "destination"),
    fileOf: (digest) => join(path, "blobs", algorithmOf(digest), hexOf(digest)),
    write: async (files) => {
      await mkdir(join(path, "blobs", "sha256"), { recursive: true });
      for (const [name, content] of Object.entries(files)) {
        await writeFile(join(path, name), content);
      }
    },
    index: async () =>
      JSON.parse(await readFile(join(path, "index.json"), "utf8")),
    remove: () => rm(parent, { recursive: true, force: true }),
  };
}

export const marker = '{"imageLayoutVersion":"1.0.0"}';

/** Fault and code of the `MirrorError` that is thrown; fails for anything else. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error("nothing was refused"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof MirrorError) return `${error.fault} ${error.code}`;
  throw error;
}
