import { mirrored, legacyTag, planned, world } from "../mirror/mirrored";
import type { Descriptor } from "../../../provider/oci/descriptor";
import type { MemoryStore } from "../mirror/memoryStore";

const signature = (
  at: MemoryStore,
  text: string,
  mediaType = "application/vnd.dev.cosign.simplesigning.v1+json",
) => at.blob(text, mediaType);

test("a list at the destination that is long by repetition does not pass for one that has all", async () => {
  const at = world();
  const first = signature(at.source, "first");
  const second = signature(at.source, "second");
  at.source.image("signatures", {
    layers: [first, second],
    tag: legacyTag(at.root),
  });
  const squatters = ["first", "first", "other", "other"].map((text) =>
    signature(at.destination, text),
  );
  at.destination.image("signatures", {
    layers: squatters,
    tag: legacyTag(at.root),
  });
  await mirrored(at);
  const digest = at.destination.named.get(legacyTag(at.root)) ?? "";
  const { layers } = JSON.parse(
    Buffer.from(at.destination.manifests.get(digest)?.bytes ?? "").toString(),
  );
  expect(layers.map(({ digest: one }: Descriptor) => one)).toEqual(
    expect.arrayContaining([first.digest, second.digest]),
  );
});

test("a layer at the destination that has the right bytes under another type does not pass for the signature", async () => {
  const at = world();
  const layer = signature(at.source, "theirs");
  at.source.image("signatures", { layers: [layer], tag: legacyTag(at.root) });
  const layers = [signature(at.destination, "theirs", "text/plain")];
  at.destination.image("signatures", {
    layers: [...layers, signature(at.destination, "own")],
    tag: legacyTag(at.root),
  });
  await mirrored(at);
  const digest = at.destination.named.get(legacyTag(at.root)) ?? "";
  const { layers: left } = JSON.parse(
    Buffer.from(at.destination.manifests.get(digest)?.bytes ?? "").toString(),
  );
  expect(left).toContainEqual(layer);
});

test("a signature manifest that says it is about something else is not copied, so it is listed nowhere", async () => {
  const at = world();
  const victim = at.destination.image("somebody else's");
  const { mediaType, digest, size } = victim;
  const sig = at.source.document(
    {
      schemaVersion: 2,
      mediaType,
      config: at.source.blob("{}", "application/json"),
      layers: [signature(at.source, "theirs")],
      subject: { mediaType, digest, size },
    },
    legacyTag(at.root),
  );
  const { evidence, evidenceTags } = await planned(at);
  expect(evidence.map(({ descriptor }) => descriptor.digest)).not.toContain(
    sig.digest,
  );
  expect(evidenceTags).toEqual([]);
});
