import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { algorithmOf, hexOf } from "../../../provider/oci/digest";
import { layoutStore } from "../../../provider/stores/layout/layout";
import { describeStore } from "../storeContract";

describeStore("an OCI layout", async () => {
  const parent = await mkdtemp(join(tmpdir(), "layout-"));
  const path = join(parent, "new", "layout");
  const reference = { kind: "layout", path } as const;
  return {
    destination: layoutStore(reference, "destination"),
    source: layoutStore(reference, "source"),
    reach: {
      send: () => Promise.reject(new Error("a layout has no network")),
      signal: new AbortController().signal,
      now: () => new Date("2026-01-01T00:00:00Z"),
    },
    plant: async (digest, bytes) => {
      const file = join(path, "blobs", algorithmOf(digest), hexOf(digest));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    },
    close: () => rm(parent, { recursive: true }),
  };
});
