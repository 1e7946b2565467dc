import { readRateLimit } from "../../../provider/stores/registry/pace/rateLimit";
import type { Response } from "../../../provider/mirror/ports";
import { get, paced, sent } from "./pacing";
import type { Reply } from "./script";

const now = new Date("2026-01-01T00:00:00Z");

function read(headers: Response["headers"]) {
  const response: Response = {
    status: 200,
    headers,
    body: (async function* () {})(),
    discard: async () => undefined,
  };
  return readRateLimit(response, now);
}

describe("W141: what remains of a limit", () => {
  test.each([
    [
      "Docker Hub",
      {
        "ratelimit-limit": "100;w=21600",
        "ratelimit-remaining": "76;w=21600",
        "docker-ratelimit-source": "192.0.2.1",
      },
      { remaining: 76, limit: 100, windowMs: 21_600_000 },
    ],
    [
      "GitHub, with a date in seconds",
      {
        "x-ratelimit-limit": "60",
        "x-ratelimit-remaining": "59",
        "x-ratelimit-reset": "1767229200",
      },
      { remaining: 59, limit: 60, resetMs: 3_600_000 },
    ],
    [
      "GitHub, whose reset has passed",
      { "x-ratelimit-remaining": "5", "x-ratelimit-reset": "1500000000" },
      { remaining: 5, resetMs: 0 },
    ],
    [
      "the draft of 2021, with seconds",
      {
        "ratelimit-limit": "10, 10;w=1, 50;w=60",
        "ratelimit-remaining": "9",
        "ratelimit-reset": "50",
      },
      { remaining: 9, limit: 10, resetMs: 50_000 },
    ],
    [
      "the draft of 2023",
      {
        ratelimit: "limit=100, remaining=50, reset=5",
        "ratelimit-policy": "100;w=60",
      },
      { remaining: 50, limit: 100, resetMs: 5000, windowMs: 60_000 },
    ],
    [
      "the draft of 2025, the scarcest of several",
      {
        ratelimit: '"day";r=900;t=100,"burst";r=2;t=30',
        "ratelimit-policy": '"burst";q=100;w=60,"day";q=1000;w=86400',
      },
      { remaining: 2, limit: 100, resetMs: 30_000, windowMs: 60_000 },
    ],
    [
      "the draft of 2025, without its policy",
      { ratelimit: '"default";r=2' },
      { remaining: 2 },
    ],
  ])("is read from %s", (_, headers, expected) => {
    expect(read(headers)).toEqual({
      limit: undefined,
      resetMs: undefined,
      windowMs: undefined,
      ...expected,
    });
  });

  test.each([
    {},
    { "ratelimit-remaining": "many" },
    { "ratelimit-remaining": "-1" },
    { "ratelimit-remaining": "1e9" },
    { "ratelimit-limit": "100;w=21600" },
    { ratelimit: "garbage;;=,=;r" },
    { ratelimit: `"a";r=1${",".repeat(2000)}` },
  ])("is not guessed from %j", (headers) => {
    expect(read(headers)).toBeUndefined();
  });
});

const left = (remaining: number, more: Record<string, string> = {}): Reply => ({
  status: 200,
  headers: {
    "ratelimit-limit": "100;w=21600",
    "ratelimit-remaining": `${remaining};w=21600`,
    ...more,
  },
});

test("W141: below a tenth is warned of, once", async () => {
  const world = paced({ answer: (_, nth) => left(12 - nth) });
  for (let nth = 0; nth < 6; nth++) await world.time.run(sent(world));
  expect(world.notices).toEqual([
    {
      kind: "warning",
      text: "reg.example grants 9 more of 100 requests per 6 h; log in for a higher limit, or set `minRemaining` to stop in time",
    },
  ]);
});

test("W141: a limit whose whole is not known is not warned of", async () => {
  const world = paced({
    answer: () => ({ status: 200, headers: { "x-ratelimit-remaining": "0" } }),
  });
  await world.time.run(sent(world));
  expect(world.notices).toEqual([]);
});

describe("minRemaining", () => {
  const home = { minRemaining: 10 };

  test("nothing new is asked when no more remain, and the error names host, rest and reset", async () => {
    const world = paced({
      answer: () => left(10, { "ratelimit-reset": "3600" }),
    });
    await expect(world.time.run(sent(world, get(), home))).resolves.toBe(200);
    const error = await world.time.run(sent(world, get(), home));
    expect(error).toMatchObject({
      code: "RATE_LIMITED",
      retryAt: new Date("2026-01-01T01:00:00.020Z"),
      message:
        "could not ask reg.example: reg.example grants 10 more requests until 2026-01-01T01:00:00.020Z, and `minRemaining` keeps 10 of them; run it again later, log in for a higher limit, or lower `minRemaining`",
    });
    expect(world.visits).toHaveLength(1);
  });

  test("what is begun is finished: the same repository, and the same call at others", async () => {
    const world = paced({ answer: () => left(3) });
    const reach = world.call();
    const ask = (lane: ReturnType<typeof world.lane>, by = reach) =>
      world.time.run(lane.paced(by).send(get(), by.signal));
    const lane = world.lane(home);
    await ask(lane);
    await expect(ask(lane)).resolves.toMatchObject({ status: 200 });
    await expect(ask(lane, world.call())).resolves.toMatchObject({
      status: 200,
    });
    await expect(ask(world.lane(home))).resolves.toMatchObject({
      status: 200,
    });
    await expect(ask(world.lane(home), world.call())).rejects.toMatchObject({
      code: "RATE_LIMITED",
    });
  });

  test("more than that, or a host that says nothing, stops nobody", async () => {
    const world = paced({
      answer: (_, nth) => (nth === 1 ? left(11) : { status: 200 }),
    });
    for (let nth = 0; nth < 3; nth++)
      await expect(world.time.run(sent(world, get(), home))).resolves.toBe(200);
  });

  test("without the setting the last request may be used", async () => {
    const world = paced({ answer: () => left(0) });
    await world.time.run(sent(world));
    await expect(world.time.run(sent(world))).resolves.toBe(200);
  });

  test("after the reset the host is asked again", async () => {
    const world = paced({
      answer: (_, nth) => left(nth === 1 ? 0 : 99, { "ratelimit-reset": "60" }),
    });
    await world.time.run(sent(world, get(), home));
    const { signal } = new AbortController();
    await world.time.run(world.time.wait(60_000, signal));
    await expect(world.time.run(sent(world, get(), home))).resolves.toBe(200);
  });

  test("a host that never tells its reset stops without a date", async () => {
    const world = paced({
      answer: () => ({ status: 200, headers: { ratelimit: '"a";r=1' } }),
    });
    await world.time.run(sent(world, get(), home));
    const error = await world.time.run(sent(world, get(), home));
    expect(error).toMatchObject({ code: "RATE_LIMITED", retryAt: undefined });
  });

  test("a token server's own limit is not the registry's", async () => {
    const world = paced({ answer: () => left(0) });
    const token = get("/token", "https://auth.example");
    for (let nth = 0; nth < 2; nth++)
      await expect(world.time.run(sent(world, token, home))).resolves.toBe(200);
  });
});
