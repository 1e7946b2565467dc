import { existsSync } from "node:fs";
import { join } from "node:path";
import { writes } from "../registry/recorder";
import { inScene } from "./scene";

describe("OCI layouts", () => {
  test("take an artifact over an air gap, with its evidence, and back", () =>
    inScene({}, async (scene) => {
      const { digest } = await scene.publish("one");
      const layout = `oci:${join(scene.folder, "gap")}:1`;
      scene.declare({
        out: {
          args: {
            source: scene.from,
            destination: layout,
            policy: scene.policy,
          },
        },
      });
      expect((await scene.engine.up()).exitCode).toBe(0);
      expect(existsSync(join(scene.folder, "gap", "oci-layout"))).toBe(true);
      expect(
        (await scene.engine.preview({ expectNoChanges: true })).exitCode,
      ).toBe(0);
      await scene.source.close();
      scene.declare({
        back: {
          args: { source: layout, destination: scene.to, policy: scene.policy },
        },
      });
      const up = await scene.engine.up();
      expect(up.exitCode).toBe(0);
      expect(scene.destination.tag("mirror/app", "1")).toBe(digest);
      expect(scene.engine.resource("back")?.outputs.verification).toMatchObject(
        { outcome: "verified" },
      );
    }));

  test("an unsigned artifact in a layout is refused as any other", () =>
    inScene({}, async (scene) => {
      await scene.publish("one", { signed: false });
      const layout = `oci:${join(scene.folder, "gap")}:1`;
      scene.declare({
        out: {
          args: {
            source: scene.from,
            destination: layout,
            policy: scene.policy,
          },
        },
      });
      expect((await scene.engine.up()).exitCode).toBe(1);
      expect(existsSync(join(scene.folder, "gap"))).toBe(false);
      expect(writes(scene.source.requests)).toEqual([]);
    }));
});
