import type { Descriptor } from "../../../provider/oci/descriptor";
import { Memory } from "../../../provider/resources/memory";
import { remove } from "../../../provider/resources/mirroredArtifact/remove";
import type { World } from "../../../provider/resources/world";
import { MemoryStore, reach } from "../mirror/memoryStore";

/** A world whose every reference leads to one place. */
function worldOf(store: MemoryStore): World {
  return {
    stores: {
      open: () => store,
      openForWriting: () => store,
      repositories: () => Promise.reject(new Error("nobody lists")),
    },
    policies: {},
    allowUnverified: true,
    trustRefresh: "never" as const,
    allowedPlugins: [],
    memory: new Memory(),
  };
}

/** Deletes what was admitted as `root` under the tag `amd64`, and answers what was said. */
async function deleted(store: MemoryStore, root: Descriptor): Promise<string> {
  const said: string[] = [];
  const { mediaType, digest, size } = root;
  const state = {
    destination: "destination.example/app:amd64",
    digest,
    ref: `destination.example/app@${digest}`,
    mediaType,
    size,
    verification: {
      digest,
      outcome: "verified",
      policyDigest: "sha256:p",
      verifierEpoch: 1,
      verifiedAt: "2026-01-01T00:00:00Z",
      requirements: [],
    },
    onDelete: "delete",
    version: 1,
  };
  await remove(
    worldOf(store),
    { reach, tell: ({ text }) => said.push(text) },
    { state },
  );
  return said.join();
}

test.each([
  [
    "an index",
    (store: MemoryStore, child: Descriptor) => store.index([child], "multi"),
  ],
  [
    "an index in an index",
    (store: MemoryStore, child: Descriptor) =>
      store.index([store.index([child])], "multi"),
  ],
])(
  "delete does not break %s under another tag that has the manifest as a child",
  async (_, wrap) => {
    const store = new MemoryStore("destination");
    const child = store.image("amd64", { tag: "amd64" });
    wrap(store, child);
    await expect(deleted(store, child)).resolves.toContain("only the tag");
    expect(store.manifests.has(child.digest)).toBe(true);
    expect([...store.named.keys()]).toEqual(["multi"]);
  },
);

test("delete removes the manifest where the other tags have nothing to do with it", async () => {
  const store = new MemoryStore("destination");
  const root = store.image("amd64", { tag: "amd64" });
  store.index([store.image("other")], "multi");
  await deleted(store, root);
  expect(store.manifests.has(root.digest)).toBe(false);
  expect([...store.named.keys()]).toEqual(["multi"]);
});

test("delete says no where another tag cannot be looked into", async () => {
  const store = new MemoryStore("destination");
  const root = store.image("amd64", { tag: "amd64" });
  const lost = store.image("lost");
  store.index([lost, store.index([lost])], "multi");
  const read = store.read.bind(store);
  store.read = (node) =>
    node.digest === root.digest
      ? read(node)
      : Promise.reject(new Error("down"));
  await expect(deleted(store, root)).rejects.toThrow("down");
  expect(store.log.filter((line) => /^(remove|untag)/.test(line))).toEqual([]);
});

test("W125: a list of tags that lacks the very tag that is there proves nothing about other tags", async () => {
  const store = new MemoryStore("destination");
  const root = store.image("amd64", { tag: "amd64" });
  store.named.set("stable", root.digest);
  store.tags = async () => [];
  await expect(deleted(store, root)).resolves.toContain("only the tag");
  expect([...store.named.keys()]).toEqual(["stable"]);
});
