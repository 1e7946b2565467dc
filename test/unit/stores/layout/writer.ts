import type { Reach } from "../../../../provider/mirror/ports";
import { layoutStore } from "../../../../provider/stores/layout/layout";
import { artifact } from "../../../contract/storeSamples";

/** Run as a process: puts and tags one artifact after the other, `writer.js DIRECTORY NAME ROUNDS`, and says each when it is done, and what ended it. */
async function main([path, name, rounds]: readonly string[]): Promise<void> {
  const reach: Reach = {
    send: () => Promise.reject(new Error("a layout has no network")),
    signal: new AbortController().signal,
    now: () => new Date(),
  };
  if (path === undefined) throw new Error("no directory");
  const subject = artifact("subject").descriptor;
  for (let round = 0; round < Number(rounds); round += 1) {
    const store = layoutStore({ kind: "layout", path }, "destination");
    const node = artifact(`${name}-${round}`, subject);
    await store.put(node, reach);
    await store.tag(`${name}-${round}`, node, reach);
    process.stdout.write(`${name}-${round}\n`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stdout.write(`${String(error)}\n`);
  process.exitCode = 1;
});
