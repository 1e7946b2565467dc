import { declareMany, requestsEach } from "./many";
import { inScene } from "./scene";

const many = 50;

test('§3.4, §9: a preview of fifty artifacts where nothing changed, with `watch: "none"`, asks each side one question about each', () =>
  inScene({}, async (scene) => {
    await declareMany(scene, { count: many, watch: "none" });
    expect((await scene.engine.up()).exitCode).toBe(0);
    scene.source.resetRequests();
    scene.destination.resetRequests();
    const preview = await scene.engine.preview({ expectNoChanges: true });
    expect(preview.exitCode).toBe(0);
    expect(requestsEach(scene, many)).toEqual({ "HEAD manifest": 2 });
  }));
