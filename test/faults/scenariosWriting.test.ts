import { askedFor, layerOf, pathTo } from "./asked";
import { broken, brokenRerun, endOf } from "./invariants";
import { destinationName, useStages, type Stage } from "./stage";
import { commits, copied } from "./uploading";

const set = useStages();
const always = Number.POSITIVE_INFINITY;
const size = 200_000;
const challengeOf = (stage: Stage) => {
  const { host, origin } = stage.to.proxy;
  return `Bearer realm="${origin}/token",service="${host}",scope="repository:${destinationName}:pull,push"`;
};

describe("cut-upload-at-N (F11, F23, W86)", () => {
  test.each([0, 1, 65_536, size - 1, size])(
    "at %i: a new session, and the old one is not left",
    async (cutUploadAt) => {
      const stage = await set({ layers: [size] });
      const path = pathTo(layerOf(stage).digest);
      const action = { cutUploadAt };
      stage.to.proxy.misbehave({ method: "PUT", path, action });
      await copied(stage);
      const [first, second, ...more] = commits(stage);
      expect(more).toEqual([]);
      expect(second?.path).not.toBe(first?.path);
      const deleted = stage.to.proxy.journal.filter(
        ({ method, path: at }) => method === "DELETE" && at === first?.path,
      );
      expect(deleted).not.toEqual([]);
      expect(stage.to.registry.openUploads()).toEqual([]);
    },
  );

  test("always: fails clearly in bounded time, and leaves no session", async () => {
    const stage = await set({ layers: [size] });
    const path = pathTo(layerOf(stage).digest);
    stage.to.proxy.misbehave({
      method: "PUT",
      path,
      times: always,
      action: { cutUploadAt: 1000 },
    });
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("NETWORK");
    expect(commits(stage).length).toBeLessThanOrEqual(6);
    expect(stage.to.registry.openUploads()).toEqual([]);
    expect(broken(stage, outcome)).toEqual([]);
    expect(await brokenRerun(stage)).toEqual([]);
  });
});

describe("expired-token-mid-upload (F13, F14, W29)", () => {
  test.each([
    ["at the start", 0],
    ["in the middle", size / 2],
    ["at the commit", always],
  ])(
    "%s: copied, with two uploads of that blob at most",
    async (_, statusAfter) => {
      const stage = await set({ layers: [size] });
      stage.to.proxy.misbehave({
        method: "PUT",
        path: pathTo(layerOf(stage).digest),
        action: {
          status: 401,
          statusAfter,
          meanwhile: () => stage.to.registry.expireTokens(),
          headers: { "www-authenticate": challengeOf(stage) },
        },
      });
      await copied(stage);
      const [first, second, ...more] = commits(stage);
      expect(more).toEqual([]);
      expect(second?.credential).not.toBe(first?.credential); // F14
    },
  );

  test("a token that will run out is renewed before it does (W24)", async () => {
    const auth = { auth: "token", tokenServer: { expiresIn: 60 } } as const;
    const stage = await set({ to: auth });
    stage.to.proxy.misbehave({
      method: "PUT",
      path: /\/blobs\/uploads\//,
      times: always,
      action: { delayMs: 50_000 },
    });
    await copied(stage);
    const { journal } = stage.to.proxy;
    const tokens = journal.filter(({ kind }) => kind === "token");
    expect(tokens.length).toBeGreaterThan(1);
    expect(journal.filter(({ status }) => status === 401)).toHaveLength(1);
  });

  test("a second 401 is final, without back-off", async () => {
    const stage = await set();
    const path = pathTo(layerOf(stage).digest);
    stage.to.proxy.misbehave({
      method: "PUT",
      path,
      times: always,
      action: {
        status: 401,
        headers: { "www-authenticate": challengeOf(stage) },
      },
    });
    const outcome = await stage.up();
    expect(["AUTH_DENIED", "AUTH_REQUIRED"]).toContain(endOf(outcome));
    expect(commits(stage).length).toBeLessThanOrEqual(2);
    expect(broken(stage, outcome)).toEqual([]);
  });
});

test.each([0, 1000])(
  "early-401: an answer while the body is on its way (after %i bytes) stops it (W89)",
  async (statusAfter) => {
    const stage = await set({ layers: [2_000_000] });
    const { digest } = layerOf(stage);
    stage.to.proxy.misbehave({
      method: "PUT",
      path: pathTo(digest),
      action: {
        status: 401,
        statusAfter,
        headers: { "www-authenticate": challengeOf(stage) },
      },
    });
    await copied(stage);
    expect(commits(stage)).toHaveLength(2);
  },
);

test("lost-response: the commit was done, so nothing is sent again (F24, W86)", async () => {
  const stage = await set({ layers: [size] });
  const { digest } = layerOf(stage);
  const action = { dropResponse: true };
  stage.to.proxy.misbehave({ method: "PUT", path: pathTo(digest), action });
  await copied(stage);
  expect(commits(stage)).toHaveLength(1);
  expect(askedFor(stage.to.proxy.journal, digest, "HEAD")).not.toEqual([]);
});
