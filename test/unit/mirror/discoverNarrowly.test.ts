import type { Descriptor } from "../../../provider/oci/descriptor";
import type { Digest } from "../../../provider/oci/digest";
import { discover } from "../../../provider/mirror/discover";
import { MirrorError } from "../../../provider/mirror/errors";
import { walk } from "../../../provider/mirror/graph";
import type { Way } from "../../../provider/mirror/listing";
import { MemoryStore, reach } from "./memoryStore";
import { authority } from "./policies";

const judges = {
  authorities: [authority()],
  coverage: "root",
  readsInside: false,
} as const;
const legacyTag = ({ digest }: Descriptor, kind: string) =>
  `${digest.replace(":", "-")}.${kind}`;

async function search(store: MemoryStore, root: Descriptor) {
  const artifact = await walk(store, root, { platforms: [], reach });
  return discover(artifact, { places: [store], ...judges, reach });
}

test("where all that is wanted is known to hang somewhere, nothing else is asked for", async () => {
  const store = new MemoryStore("destination");
  const child = store.image("child");
  const root = store.index([child]);
  const referrer = store.referrer(root, "good");
  const signed = store.image("sig", { tag: legacyTag(child, "sig") });
  store.image("att", { tag: legacyTag(root, "att") });
  const artifact = await walk(store, root, { platforms: [], reach });
  store.log.length = 0;
  const found = await discover(artifact, {
    places: [store],
    ...judges,
    reach,
    only: new Map<Digest, ReadonlySet<Way>>([
      [root.digest, new Set(["referrer"])],
      [child.digest, new Set(["sig"])],
    ]),
  });
  expect(
    found.manifests.map(({ node }) => node.descriptor.digest).sort(),
  ).toEqual([referrer.digest, signed.digest].sort());
  expect(store.log.filter((line) => !line.startsWith("read "))).toEqual([
    `referrers ${root.digest}`,
    `fetch ${legacyTag(child, "sig")}`,
  ]);
});

test.each(["exceeded", "unsupported"] as const)(
  "what a cosign tag names and is %s is set aside, not a denial of service",
  async (fault) => {
    const store = new MemoryStore("source");
    const root = store.image("root");
    store.referrer(root, "good");
    const large = store.image("large", { tag: legacyTag(root, "sbom") });
    const refuse = async (): Promise<never> => {
      throw new MirrorError({
        fault,
        code: "LIMIT_EXCEEDED",
        what: "could not read",
        why: "it is odd",
        remedy: "none",
      });
    };
    const read = store.read.bind(store);
    store.read = async (node) =>
      node.digest === large.digest ? refuse() : read(node);
    store.fetch = async (tag) => (tag.endsWith(".sbom") ? refuse() : undefined);
    const { manifests, ignored } = await search(store, root);
    expect(manifests).toHaveLength(1);
    expect(ignored).toMatchObject([{ digest: large.digest }]);
  },
);

test("a cosign tag that could not be asked for is not absent", async () => {
  const store = new MemoryStore("source");
  const root = store.image("root");
  store.fetch = () => Promise.reject(new Error("no answer"));
  await expect(search(store, root)).rejects.toThrow("no answer");
});
