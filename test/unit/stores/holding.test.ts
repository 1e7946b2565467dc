import { openRegistries } from "../../../provider/stores/registry/registry";
import { referenceTo } from "./opened";
import { burst, get, paced, sent } from "./pacing";
import { scripted, type Reply } from "./script";
import { virtualTime } from "./virtualTime";

const refused = (headers: Record<string, string>): Reply => ({
  status: 429,
  headers,
});

describe("W140, G10: Retry-After", () => {
  test.each([
    ["20", 20_000],
    ["Thu, 01 Jan 2026 00:00:20 GMT", 20_000],
  ])("%s holds back all requests to that host", async (after, ms) => {
    const world = paced({
      answer: (_, nth) =>
        nth === 3 ? refused({ "retry-after": after }) : { status: 200 },
    });
    await burst(world, 50);
    const told = 20;
    const early = world.visits.filter(({ at }) => at > told && at < ms);
    expect(early).toEqual([]);
    expect(world.visits).toHaveLength(51);
    expect(world.visits.at(-1)?.at).toBeGreaterThanOrEqual(ms);
  });

  test.each(["Thu, 01 Jan 2015 00:00:00 GMT", "soon", "-1", ""])(
    "%j holds back nobody",
    async (after) => {
      const world = paced({
        answer: (_, nth) =>
          nth === 3 ? refused({ "retry-after": after }) : { status: 200 },
      });
      await burst(world, 50);
      expect(world.visits.at(-1)?.at).toBeLessThan(1000);
    },
  );

  test("of one host holds back no other: a registry does not wait for its storage", async () => {
    const world = paced({
      answer: ({ url }) =>
        url.host === "cdn.example"
          ? refused({ "retry-after": "30" })
          : { status: 200 },
    });
    const cdn = sent(world, get("/x", "https://cdn.example"));
    await world.time.run(sent(world).then(() => sent(world)));
    expect(world.time.monotonic()).toBeLessThan(1000);
    await world.time.run(cdn);
  });

  test("a later word may only lengthen the wait", async () => {
    const world = paced({
      answer: (_, nth) =>
        nth <= 2
          ? refused({ "retry-after": nth === 1 ? "60" : "1" })
          : { status: 200 },
    });
    await burst(world, 2);
    const [, , third] = world.visits;
    expect(third?.at).toBeGreaterThanOrEqual(60_000);
  });

  test("of six hours fails at once, with the time, and so does whoever comes after, unasked", async () => {
    const world = paced({ answer: () => refused({ "retry-after": "21600" }) });
    await expect(world.time.run(sent(world))).resolves.toBe(429);
    const error = await world.time.run(sent(world));
    expect(error).toMatchObject({
      code: "RATE_LIMITED",
      fault: "unreachable",
      retryAt: new Date("2026-01-01T06:00:00.020Z"),
      message:
        "could not ask reg.example: reg.example answered HTTP 429, and wants to be left alone until 2026-01-01T06:00:00.020Z (6 h); run it again then, or log in for a higher limit",
    });
    expect(world.visits).toHaveLength(1);
    expect(world.time.monotonic()).toBeLessThan(1000);
    expect(world.lane().retryAt).toEqual(new Date("2026-01-01T06:00:00.020Z"));
  });

  test("the wait is said, to everybody who waits", async () => {
    const world = paced({
      answer: (_, nth) =>
        nth === 1 ? refused({ "retry-after": "12" }) : { status: 200 },
    });
    const first = world.time.run(sent(world));
    await new Promise((go) => setImmediate(go));
    const second = sent(world);
    await world.time.run(Promise.all([first, second]));
    expect(world.notices).toEqual([
      {
        kind: "waiting",
        text: "waiting 12 s for reg.example (HTTP 429, try 1 of 6)",
      },
      { kind: "waiting", text: "waiting 12 s for reg.example (HTTP 429)" },
    ]);
    expect(world.lane().retryAt).toBeUndefined();
  });

  test("a wait that is cut short is a cancelled call", async () => {
    const world = paced({ answer: () => refused({ "retry-after": "60" }) });
    const stop = new AbortController();
    const reach = world.call(stop);
    const { send } = world.lane().paced(reach);
    await world.time.run(send(get(), reach.signal));
    const waiting = send(get(), reach.signal);
    setImmediate(() => stop.abort());
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
  });
});

describe("W140: a limit that is used up, without Retry-After", () => {
  test.each([
    [
      "GitHub",
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1767225630" },
    ],
    ["an older draft", { "ratelimit-remaining": "0", "ratelimit-reset": "30" }],
    ["a newer draft", { ratelimit: '"default";r=0;t=30' }],
  ])("is waited for until its reset: %s", async (_, headers) => {
    const world = paced({
      answer: (_request, nth) =>
        nth === 1 ? refused(headers) : { status: 200 },
    });
    await expect(world.time.run(sent(world))).resolves.toBe(200);
    expect(world.visits[1]?.at).toBeGreaterThanOrEqual(30_000);
    expect(world.visits[1]?.at).toBeLessThan(31_000);
  });

  test("F08: of which only a window of six hours is known is not asked for again, and holds back nobody else", async () => {
    const world = paced({
      answer: (_, nth) =>
        nth === 1
          ? refused({
              "ratelimit-limit": "100;w=21600",
              "ratelimit-remaining": "0;w=21600",
            })
          : { status: 200 },
    });
    await expect(world.time.run(sent(world))).resolves.toBe(429);
    expect(world.visits).toHaveLength(1);
    await expect(world.time.run(sent(world))).resolves.toBe(200);
  });
});

test("a look that has less time than the host wants says why no answer came", async () => {
  const time = virtualTime();
  const { send } = scripted(() => refused({ "retry-after": "60" }));
  const store = openRegistries({
    registries: [],
    credentials: async () => undefined,
    clock: time,
  })(referenceTo("reg.example/a/b"), { side: "source", isWriter: false });
  const signal = AbortSignal.timeout(20);
  const reach = { send, signal, now: () => time.now() };
  await expect(store.resolve("1", reach)).rejects.toMatchObject({
    code: "RATE_LIMITED",
    fault: "unreachable",
    retryAt: new Date("2026-01-01T00:01:00Z"),
    message: expect.stringContaining(
      "source reg.example/a/b:1: no answer came within the time given: the host wants to be left alone until 2026-01-01T00:01:00.000Z",
    ),
  });
});
