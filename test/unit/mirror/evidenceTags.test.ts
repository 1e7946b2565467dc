import type { MemoryStore } from "./memoryStore";
import { legacyTag, mirrored, planned, world } from "./mirrored";
import type { Descriptor } from "../../../provider/oci/descriptor";

describe("cosign's tags", () => {
  const signature = (
    at: MemoryStore,
    text: string,
    annotations?: Record<string, string>,
  ) =>
    at.blob(
      text,
      "application/vnd.dev.cosign.simplesigning.v1+json",
      annotations,
    );
  const signatures = (
    store: MemoryStore,
    root: Descriptor,
    what: Descriptor[] | { layers: Descriptor[]; kind: string },
  ) => {
    const { layers, kind } = Array.isArray(what)
      ? { layers: what, kind: "sig" }
      : what;
    return store.image("signatures", { layers, tag: legacyTag(root, kind) });
  };

  test("are written at the destination as they are at the source", async () => {
    const at = world();
    const sig = signatures(at.source, at.root, [
      signature(at.source, "theirs"),
    ]);
    await mirrored(at);
    expect(at.destination.named.get(legacyTag(at.root))).toBe(sig.digest);
    expect((await planned(at)).evidenceTags).toEqual([]);
  });

  test("keep the destination's own signatures beside the ones that come", async () => {
    const at = world();
    signatures(at.source, at.root, [
      signature(at.source, "theirs"),
      signature(at.source, "same", { by: "them" }),
    ]);
    signatures(at.destination, at.root, [
      signature(at.destination, "ours"),
      signature(at.destination, "same", { by: "us" }),
    ]);
    const { made } = await mirrored(at);
    const digest = at.destination.named.get(legacyTag(at.root)) ?? "";
    const { layers } = JSON.parse(
      Buffer.from(at.destination.manifests.get(digest)?.bytes ?? "").toString(),
    );
    expect(
      layers.map((layer: Descriptor) => layer.annotations?.by ?? layer.size),
    ).toEqual([6, "them", 4, "us"]);
    expect(made.expected).toContain(digest);
    expect((await planned(at)).evidenceTags).toEqual([]);
  });

  test("are replaced where the destination has nothing of its own", async () => {
    const at = world();
    signatures(at.destination, at.root, [signature(at.destination, "theirs")]);
    const sig = signatures(at.source, at.root, [
      signature(at.source, "theirs"),
      signature(at.source, "new"),
    ]);
    await mirrored(at);
    expect(at.destination.named.get(legacyTag(at.root))).toBe(sig.digest);
  });

  test("of an SBOM are replaced, and an index under such a tag is not joined", async () => {
    const at = world();
    signatures(at.destination, at.root, {
      layers: [signature(at.destination, "old sbom")],
      kind: "sbom",
    });
    const sbom = signatures(at.source, at.root, {
      layers: [signature(at.source, "new sbom")],
      kind: "sbom",
    });
    at.destination.index([], legacyTag(at.root, "att"));
    const att = signatures(at.source, at.root, {
      layers: [signature(at.source, "attestation")],
      kind: "att",
    });
    await mirrored(at);
    expect(at.destination.named.get(legacyTag(at.root, "sbom"))).toBe(
      sbom.digest,
    );
    expect(at.destination.named.get(legacyTag(at.root, "att"))).toBe(
      att.digest,
    );
  });
});
