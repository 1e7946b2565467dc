import { writes } from "../registry/recorder";
import { image } from "../samples/artifacts";
import { keySigner } from "../samples/signers";
import { inRegistry, put } from "../samples/target";
import { onExampleStage } from "./exampleStage";

jest.setTimeout(180_000);

const vendor = keySigner();

test("repository mirrors the versions in a range, names the one that nobody signed, and lets go of what is withdrawn", () =>
  onExampleStage(async ({ outside, inside, publish, start }) => {
    for (const tag of ["1.3.0", "1.4.2", "1.5.0", "2.0.0"])
      await publish("acme/app", tag, [vendor]);
    const { digest } = await publish("acme/app", "1.4.2", [vendor]);
    const config = {
      "repository:source": `${outside.host}/acme/app`,
      "repository:destination": `${inside.host}/mirror/app`,
      "repository:vendorKey": vendor.publicKeyPem,
    };
    const engine = start("repository", { config });
    expect(await engine.preview()).toMatchObject({ exitCode: 0 });
    expect(writes(inside.requests)).toEqual([]);
    const image142 = `${inside.host}/mirror/app@${digest}`;
    expect(await engine.up()).toMatchObject({
      exitCode: 0,
      outputs: {
        images: { "1.4.2": image142, "2.0.0": image142 },
        selection: { listed: 5, chosen: 2, mirrored: 2 },
      },
    });
    const target = inRegistry(outside, "acme/app");
    await put(target, image({ seed: "unsigned" }), "2.1.0");
    const refused = await engine.preview();
    expect(refused.exitCode).toBe(1);
    expect(refused.text).toContain("2.1.0");
    outside.deleteTag("acme/app", "2.1.0");
    outside.deleteTag("acme/app", "2.0.0");
    expect(await engine.up()).toMatchObject({ exitCode: 0 });
    expect(inside.tag("mirror/app", "2.0.0")).toBeUndefined();
    expect(inside.tag("mirror/app", "1.4.2")).toBe(digest);
  }));

test("functions shows what a registry has, which tags there are, and what is said of one, in a preview that writes nothing", () =>
  onExampleStage(async ({ outside, publish, start }) => {
    await publish("acme/app", "1.4.1", [vendor]);
    const { digest } = await publish("acme/app", "1.4.2", [vendor]);
    const engine = start("functions", {
      config: {
        "functions:registry": outside.host,
        "functions:vendorKey": vendor.publicKeyPem,
      },
    });
    const preview = await engine.preview();
    expect(preview).toMatchObject({
      exitCode: 0,
      outputs: {
        digest,
        kind: "image",
        platforms: ["linux/amd64"],
        outcome: "verified",
        tree: expect.stringContaining("signature"),
        repositories: [{ name: "acme/app" }],
        choice: expect.arrayContaining([
          expect.objectContaining({ tag: "1.4.2", chosen: true }),
          expect.objectContaining({ tag: "1.4.1", chosen: false }),
        ]),
      },
    });
    expect(writes(outside.requests)).toEqual([]);
  }));
