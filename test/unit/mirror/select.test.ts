import { everything, mirrored, planned, world, type World } from "./mirrored";
import { MirrorError } from "../../../provider/mirror/errors";
import { mediaTypes } from "../../../provider/oci/mediaType";
import {
  matches,
  type EvidenceSelection,
} from "../../../provider/mirror/select";
import { unverified } from "./policies";

describe("which evidence comes along", () => {
  const sbom = (at: World) =>
    at.source.referrer(at.root, "sbom", {
      artifactType: "application/spdx+json",
      annotations: {
        "dev.sigstore.bundle.predicateType": "https://spdx.dev/Document",
      },
    });
  const chosen = async (at: World, selection: Partial<EvidenceSelection>) =>
    (await planned(at, { selection: { ...everything, ...selection } }))
      .expected;

  test("everything, by default", async () => {
    const at = world();
    sbom(at);
    await expect(chosen(at, {})).resolves.toHaveLength(2);
  });

  test.each([
    [{ exclude: ["application/spdx*"] }],
    [{ exclude: ["https://spdx.dev/*"] }],
    [{ include: ["application/vnd.example.*"] }],
    [{ copy: "verified" as const }],
  ])("not what is left out: %j", async (selection) => {
    const at = world();
    const left = sbom(at);
    const expected = await chosen(at, selection);
    expect(expected).toHaveLength(1);
    expect(expected).not.toContain(left.digest);
  });

  test("evidence about evidence only with what it is about", async () => {
    const at = world();
    const left = sbom(at);
    at.source.referrer(left, "about the sbom");
    await expect(
      chosen(at, { exclude: ["application/spdx*"] }),
    ).resolves.toHaveLength(1);
  });

  test("what satisfied the policy cannot be excluded", async () => {
    await expect(
      chosen(world(), { exclude: ["application/vnd.example.*"] }),
    ).rejects.toMatchObject({ fault: "invalid" });
  });

  test("an index as evidence is chosen by its own annotations, and brings its parts", async () => {
    const at = world();
    const { mediaType, digest, size } = at.root;
    const part = at.source.image("part");
    at.source.document({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests: [part],
      subject: { mediaType, digest, size },
    });
    await mirrored(at);
    expect(at.destination.manifests.has(part.digest)).toBe(true);
  });

  test("all of it is what could be listed whole: a denied list ends the run, unless what was proven suffices", async () => {
    const at = world();
    const layers = [at.source.blob("good", "application/vnd.example.evidence")];
    const tag = `${at.root.digest.replace(":", "-")}.sig`;
    at.source.image("signature", { layers, tag });
    at.source.unlisted = new MirrorError({
      fault: "denied",
      code: "AUTH_DENIED",
      what: "could not list the referrers",
      why: "HTTP 403",
      remedy: "ask for the right",
    });
    await expect(planned(at)).rejects.toMatchObject({
      fault: "denied",
      message: expect.stringContaining("HTTP 403"),
    });
    const selection = { ...everything, copy: "verified" as const };
    const { expected } = await planned(at, { selection });
    expect(expected).toHaveLength(1);
  });

  test("nothing, where nothing is verified and nothing is wanted", async () => {
    const made = await planned(world(), {
      by: unverified,
      selection: { ...everything, copy: "none" },
    });
    expect(made.expected).toEqual([]);
  });

  test.each([
    ["*", "anything", true],
    ["a*c", "abc", true],
    ["a*c", "ab", false],
    ["abc", "abc", true],
    ["abc", "abcd", false],
    ["a*b*c", "a1b2c", true],
    ["a*b*c", "a1c", false],
    ["a*a", "a", false],
    ["a*bc*c", "abc", false],
    ["", "", true],
  ])("the glob %s over %s is %s", (glob, text, fits) => {
    expect(matches(glob, text)).toBe(fits);
  });
});
