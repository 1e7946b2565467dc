import { layerOf, pathTo } from "./asked";
import { broken, brokenRerun } from "./invariants";
import { useStages } from "./stage";
import { copied, says } from "./uploading";

const set = useStages();
const always = Number.POSITIVE_INFINITY;

describe("413-html (F29)", () => {
  const mebibyte = 1024 * 1024;
  const tooMuch = (most: number) => ({
    method: "PUT",
    path: /\/blobs\/uploads\//,
    when: ({ headers }: { headers: Readonly<Record<string, string>> }) =>
      Number(headers["content-length"] ?? 0) > most,
    times: always,
    action: {
      status: 413,
      headers: { "content-type": "text/html" },
      body: "<html>413 Request Entity Too Large</html>",
    },
  });

  test("what is too much in one piece goes in several (W84)", async () => {
    const stage = await set({ layers: [5 * mebibyte] });
    stage.to.proxy.misbehave(tooMuch(4 * mebibyte));
    await copied(stage);
    const pieces = stage.to.proxy.journal.filter(
      ({ method }) => method === "PATCH",
    );
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces[0]?.headers["content-range"]).toMatch(/^0-\d+$/);
  });

  test("what is too much in pieces, too, is refused with what to do", async () => {
    const stage = await set();
    stage.to.proxy.misbehave(tooMuch(100));
    const outcome = await stage.up();
    expect(String(outcome.error)).toMatch(/body limit/);
    expect(broken(stage, outcome)).toEqual([]);
    expect(await brokenRerun(stage)).toEqual([]);
  });

  test.each([
    ["ecr-range-stuck (F27)", { rewriteHeader: { range: "0-99" } }, {}],
    ["min-chunk (F30, W84)", {}, { chunkMinLength: mebibyte }],
  ])("in pieces, under %s", async (_, action, registry) => {
    const stage = await set({
      layers: [5 * mebibyte],
      to: { auth: "token", ...registry },
    });
    stage.to.proxy.misbehave(tooMuch(4 * mebibyte));
    stage.to.proxy.misbehave({
      method: "PATCH",
      path: /./,
      times: always,
      action,
    });
    await copied(stage);
  });

  test("max-chunk: 416 to pieces that are too large ends, one way or the other (F25, F31)", async () => {
    const stage = await set({ layers: [5 * mebibyte] });
    stage.to.proxy.misbehave(tooMuch(4 * mebibyte));
    const order = stage.to.proxy.misbehave({
      method: "PATCH",
      path: /./,
      times: always,
      action: { status: 416, ...says("RANGE_INVALID") },
    });
    const outcome = await stage.up();
    expect(outcome.error).toBeDefined();
    expect(order.hits).toBeLessThanOrEqual(36); // W85: five times, for each of six sessions
    expect(broken(stage, outcome)).toEqual([]);
    expect(await brokenRerun(stage)).toEqual([]);
  });
});

test("drop-body, always: the refusal names the proxy before the registry (F32)", async () => {
  const stage = await set();
  const order = stage.to.proxy.misbehave({
    method: "PUT",
    path: pathTo(layerOf(stage).digest),
    times: always,
    action: { dropBody: true },
  });
  const outcome = await stage.up();
  expect(String(outcome.error)).toMatch(/proxy/);
  expect(order.hits).toBe(2);
  expect(broken(stage, outcome)).toEqual([]);
  expect(await brokenRerun(stage)).toEqual([]);
});
