import { mirrored, planned, world, type World } from "./mirrored";

describe("W155: platforms left out", () => {
  const sparse = (at: World) => {
    const [amd, arm] = [at.source.image("amd"), at.source.image("arm")];
    const on = (architecture: string) => ({
      platform: { os: "linux", architecture },
    });
    at.root = at.source.index([
      { ...amd, ...on("amd64") },
      { ...arm, ...on("arm64") },
    ]);
    at.source.referrer(at.root, "good");
    return { ...at, arm };
  };

  test("are named in the plan, and the index is copied as it is", async () => {
    const at = sparse(world());
    const { made } = await mirrored(at, { platforms: ["linux/amd64"] });
    expect(made.sparse.map(({ digest }) => digest)).toEqual([at.arm.digest]);
    expect(at.destination.named.get("1.0")).toBe(at.root.digest);
    expect(at.destination.manifests.has(at.arm.digest)).toBe(false);
  });

  test("end the plan where the destination is known to refuse such an index", async () => {
    const at = sparse(world());
    at.destination.sparseIndex = "refused";
    await expect(
      planned(at, { platforms: ["linux/amd64"] }),
    ).rejects.toMatchObject({ fault: "unsupported" });
    await expect(planned(at)).resolves.toMatchObject({ sparse: [] });
  });
});

describe("W152, F55: a layer that is said to be elsewhere", () => {
  const foreign = (at: World) => {
    const layer = {
      ...at.source.blob(
        "foreign",
        "application/vnd.oci.image.layer.nondistributable.v1.tar",
      ),
      urls: ["https://elsewhere.example/layer"],
    };
    at.root = at.source.image("windows", {
      layers: [layer, { ...at.source.blob("plain"), urls: [] }],
    });
    at.source.referrer(at.root, "good");
    return layer;
  };

  test("is copied where the source has its bytes", async () => {
    const at = world();
    const layer = foreign(at);
    await mirrored(at);
    expect(at.destination.blobs.has(layer.digest)).toBe(true);
  });

  test("N01, N13: ends the plan where the source has not: its addresses are never followed", async () => {
    const at = world();
    at.source.blobs.delete(foreign(at).digest);
    await expect(planned(at)).rejects.toMatchObject({
      fault: "unsupported",
      message: expect.stringContaining("foreign layer"),
    });
  });
});
