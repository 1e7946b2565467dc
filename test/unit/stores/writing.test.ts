import { digestOf, referrersTag } from "../../../provider/oci/digest";
import { writes } from "../../registry/recorder";
import {
  emptyConfig,
  image,
  manifest,
  multiArch,
} from "../../samples/artifacts";
import { inRegistry, put } from "../../samples/target";
import { descriptorOf, nodeOf } from "./opened";
import { node, sample, useShop } from "./shop";

const { copying } = useShop();
test("F39: a manifest that registries take and do not give out again is refused before it is sent", async () => {
  const { to, world, destination } = await copying();
  const size = 4 * 1024 * 1024 + 1;
  const large = {
    ...node,
    bytes: Buffer.alloc(size),
    descriptor: { ...node.descriptor, size },
  };
  await expect(destination.put(large, world.reach)).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
  expect(to.requests).toEqual([]);
});

test("F54: a proxy that rewrites digests is named with the address that was asked", async () => {
  const { to, world, destination } = await copying();
  to.misbehave({
    method: "GET",
    path: /manifests\/sha256:/,
    times: Infinity,
    action: { status: 404, body: "sha256-26f2 not found" },
  });
  await expect(
    destination.fetch(node.descriptor.digest, world.reach),
  ).rejects.toMatchObject({
    code: "PROTOCOL",
    message: expect.stringMatching(
      new RegExp(`${to.host}/mirror/app@sha256:.*proxy`),
    ),
  });
});

test("W60: no tag is written along with another, because a registry may ignore that with a 201", async () => {
  const { to, world, destination, copy } = await copying();
  await copy();
  await destination.put(node, world.reach);
  await destination.tag("1", node, world.reach);
  expect(to.requests.map(({ query }) => query).join()).not.toContain("tag=");
});

test("W57: a registry that says it stored another manifest is not believed", async () => {
  const { to, world, destination, copy } = await copying();
  await copy();
  const other = digestOf(Buffer.from("other"));
  to.misbehave({
    method: "PUT",
    path: /manifests/,
    action: { rewriteHeader: { "docker-content-digest": other } },
  });
  await expect(destination.put(node, world.reach)).rejects.toMatchObject({
    code: "DIGEST_MISMATCH",
  });
});

test("W59: a tag that shows late is waited for", async () => {
  const { to, world, destination, copy } = await copying();
  await copy();
  await destination.put(node, world.reach);
  to.misbehave({
    method: "PUT",
    path: /manifests\/1$/,
    action: { delayVisibility: 4 },
  });
  await destination.tag("1", node, world.reach);
  expect(world.clock.waits.length).toBeGreaterThan(0);
});

test("a tag that somebody moved meanwhile is a conflict", async () => {
  const { to, world, destination, copy } = await copying();
  await copy();
  await destination.put(node, world.reach);
  const other = digestOf(Buffer.from("other"));
  to.misbehave({
    method: "HEAD",
    path: /manifests\/1$/,
    times: Infinity,
    action: { rewriteHeader: { "docker-content-digest": other } },
  });
  await expect(destination.tag("1", node, world.reach)).rejects.toMatchObject({
    fault: "conflict",
    code: "TAG_MOVED",
  });
});

describe.each(["harbor", "ecr"] as const)(
  "F52: a tag that %s keeps where it is",
  (immutableTags) => {
    test("is no conflict where it stands as it should", async () => {
      const { world, destination, copy } = await copying({ immutableTags });
      await copy();
      await destination.put(node, world.reach);
      await destination.tag("1", node, world.reach);
      await destination.tag("1", node, world.reach);
    });

    test("is a conflict where it names something else", async () => {
      const { to, world, destination, copy } = await copying({ immutableTags });
      const other = image({ platform: "linux/arm64" });
      await put(inRegistry(to, "mirror/app"), other, "1");
      await copy();
      await destination.put(node, world.reach);
      await expect(
        destination.tag("1", node, world.reach),
      ).rejects.toMatchObject({ fault: "conflict", code: "TAG_IMMUTABLE" });
    });
  },
);

test("W126: a registry that does not delete by tag says so", async () => {
  const { world, destination } = await copying({ deleteTags: false });
  await expect(destination.untag("1", world.reach)).rejects.toMatchObject({
    fault: "unsupported",
    code: "UNSUPPORTED",
  });
});

test("a manifest that is not here cannot be tagged", async () => {
  const { to, world, destination } = await copying();
  await expect(destination.tag("1", node, world.reach)).rejects.toMatchObject({
    fault: "absent",
    code: "NOT_FOUND_MANIFEST",
  });
  expect(writes(to.requests)).toEqual([]);
});

test("untag leaves the manifest, remove takes it, and both may be repeated", async () => {
  const { to, world, destination, copy } = await copying();
  await copy();
  await destination.put(node, world.reach);
  await destination.tag("1", node, world.reach);
  await destination.untag("1", world.reach);
  await destination.untag("1", world.reach);
  expect(to.tag("mirror/app", "1")).toBeUndefined();
  expect(to.manifest("mirror/app", node.descriptor.digest)).toBeDefined();
  await destination.remove(node.descriptor, world.reach);
  await destination.remove(node.descriptor, world.reach);
  expect(to.manifest("mirror/app", node.descriptor.digest)).toBeUndefined();
});

test("W155: an index whose children are missing tells that the host refuses sparse indexes", async () => {
  const { world, destination } = await copying({ sparseIndex: "refuse" });
  expect(destination.sparseIndex).toBe("unknown");
  await expect(
    destination.put(nodeOf(multiArch()), world.reach),
  ).rejects.toMatchObject({ fault: "unsupported" });
  expect(destination.sparseIndex).toBe("refused");
});

describe("a manifest with a subject", () => {
  const referrer = manifest({
    artifactType: "application/x",
    config: emptyConfig,
    layers: [],
    subject: sample.descriptor,
    annotations: { note: "1" },
  });

  test("W106: where the registry lists it, there is no fallback tag", async () => {
    const { to, world, destination, copy } = await copying();
    await copy();
    await destination.put(node, world.reach);
    for (const blob of referrer.blobs) to.putBlob("mirror/app", blob);
    await destination.put(nodeOf(referrer), world.reach);
    expect(to.tags("mirror/app")).toEqual([]);
    await expect(
      destination.referrers(node.descriptor.digest, world.reach),
    ).resolves.toMatchObject([{ artifactType: "application/x" }]);
  });

  test("W106–W108: elsewhere the fallback tag is written, and read back", async () => {
    const { to, world, destination, copy } = await copying({
      referrersApi: false,
    });
    await copy();
    await destination.put(node, world.reach);
    for (const blob of referrer.blobs) to.putBlob("mirror/app", blob);
    await Promise.all([
      destination.put(nodeOf(referrer), world.reach),
      destination.put(nodeOf(referrer), world.reach),
    ]);
    expect(to.tags("mirror/app")).toEqual([
      referrersTag(node.descriptor.digest),
    ]);
    await expect(
      destination.referrers(node.descriptor.digest, world.reach),
    ).resolves.toEqual([
      {
        ...descriptorOf(referrer.descriptor),
        artifactType: "application/x",
        annotations: { note: "1" },
      },
    ]);
  });
});
