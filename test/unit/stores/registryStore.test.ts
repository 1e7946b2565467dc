import { blobsOf } from "../../../provider/oci/manifest";
import { image } from "../../samples/artifacts";
import { inRegistry, put } from "../../samples/target";
import { counts, scopesAsked, writes } from "../../registry/recorder";
import {
  startRegistry,
  type RegistryOptions,
  type TestRegistry,
} from "../../registry/registry";
import { mirrorUser, nodeOf, opened, referenceTo, type Opened } from "./opened";

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

async function start(options: RegistryOptions = {}): Promise<TestRegistry> {
  const registry = await startRegistry(options);
  running.push(registry);
  return registry;
}

function open(
  registries: readonly TestRegistry[],
  options: Parameters<typeof opened>[1] = {},
): Opened {
  const world = opened(
    registries.map(({ host }) => host),
    options,
  );
  running.push(world.network);
  return world;
}

const sample = image({});
const node = nodeOf(sample);

test("a tag resolves by exactly one HEAD", async () => {
  const registry = await start();
  await put(inRegistry(registry, "team/app"), sample, "1");
  const { registries, reach } = open([registry]);
  const store = registries(referenceTo(`${registry.host}/team/app`), {
    side: "source",
    isWriter: false,
  });
  const { mediaType, digest, size } = node.descriptor;
  await expect(store.resolve("1", reach)).resolves.toEqual({
    mediaType,
    digest,
    size,
  });
  expect(counts(registry.requests)).toEqual({ "HEAD manifest": 1 });
});

test("copies an image from one registry to another, each blob once", async () => {
  const [from, to] = [
    await start({ auth: "token" }),
    await start({ auth: "token", locations: "relative" }),
  ];
  await put(inRegistry(from, "team/app"), sample, "1");
  const { registries, reach } = open([from, to], {
    credentials: async () => mirrorUser,
  });
  const source = registries(referenceTo(`${from.host}/team/app`), {
    side: "source",
    isWriter: false,
  });
  const destination = registries(referenceTo(`${to.host}/mirror/app`), {
    side: "destination",
    isWriter: true,
  });
  let bytes = 0;
  for (const blob of blobsOf(node.manifest)) {
    await expect(destination.has(blob, reach)).resolves.toBe(false);
    bytes += await destination.copyFrom(source, blob, {
      reach,
      onBytes: () => undefined,
    });
  }
  await destination.put(node, reach);
  await destination.tag("1", node, reach);
  expect(to.tag("mirror/app", "1")).toBe(node.descriptor.digest);
  expect(bytes).toBe(
    blobsOf(node.manifest).reduce((sum, blob) => sum + blob.size, 0),
  );
  expect(scopesAsked(from.requests)).toEqual(["repository:team/app:pull"]);
  expect(scopesAsked(to.requests)).toEqual(["repository:mirror/app:pull,push"]);
  expect(counts(from.requests)).toMatchObject({ challenge: 1, token: 1 });
  expect(counts(to.requests)).toMatchObject({ challenge: 1, token: 1 });
  expect(writes(from.requests)).toEqual([]);
});
