import { openSignedScene, type SignedScene } from "./signedScene";

let scene: SignedScene;

beforeEach(async () => {
  scene = await openSignedScene();
});

afterEach(() => scene.close());

describe("T38: no credential leaves the registry it is for", () => {
  const secretsSeen = () =>
    scene.elsewhere.requests.filter(({ authorization }) => authorization);

  test("when content is redirected to another registry", async () => {
    await scene.sign();
    scene.source.misbehave({
      method: "GET",
      path: /app\/blobs\//,
      times: Infinity,
      action: { redirect: `${scene.elsewhere.origin}/v2/acme/app/blobs/x` },
    });
    await expect(scene.up()).rejects.toMatchObject({ code: "PROTOCOL" });
    expect(scene.elsewhere.requests).not.toEqual([]);
    expect(secretsSeen()).toEqual([]);
  });

  test.each(["http://169.254.169.254/token", "https://10.0.0.1/token"])(
    "when the token server is said to be %s",
    async (realm) => {
      scene.source.misbehave({
        path: /./,
        times: Infinity,
        action: {
          status: 401,
          headers: {
            "www-authenticate": `Bearer realm="${realm}",service="x"`,
          },
        },
      });
      await expect(scene.up()).rejects.toMatchObject({
        fault: expect.any(String),
      });
      expect(secretsSeen()).toEqual([]);
    },
  );

  test("when the token server is said to be another registry", async () => {
    scene.source.misbehave({
      path: /./,
      times: Infinity,
      action: {
        status: 401,
        headers: {
          "www-authenticate": `Bearer realm="${scene.elsewhere.origin}/token",service="x"`,
        },
      },
    });
    await expect(scene.up()).rejects.toMatchObject({
      fault: expect.any(String),
    });
    expect(scene.elsewhere.requests).toEqual([]);
  });
});
