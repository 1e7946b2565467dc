import { put } from "../../samples/target";
import { evil, good, openSignedScene, type SignedScene } from "./signedScene";

let scene: SignedScene;

beforeEach(async () => {
  scene = await openSignedScene();
});

afterEach(() => scene.close());

test("W04: with a tag and a digest only the digest is ever asked for, wherever the tag has moved", async () => {
  await scene.sign();
  await put(scene.place, evil, "1");
  scene.source.resetRequests();
  await scene.up({
    source: `${scene.source.host}/acme/app:1@${good.descriptor.digest}`,
  });
  expect(scene.arrived()).toBe(good.descriptor.digest);
  const names = scene.source.requests
    .filter(({ kind }) => kind === "manifest")
    .map(({ path }) => path.split("/manifests/")[1]);
  expect(names).not.toEqual([]);
  expect(names).not.toContain("1");
});
