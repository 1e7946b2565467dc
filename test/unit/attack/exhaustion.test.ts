import { Flights } from "../../../provider/mirror/flights";
import { Keyring } from "../../../provider/stores/registry/login/keyring";
import { nextTarget } from "../../../provider/stores/registry/reading/links";
import {
  answering,
  ask,
  networkTo,
  ok,
  textOf,
} from "../stores/http1/rawServer";
import { get, paced, sent } from "../stores/pacing";
import { fakeClock } from "../stores/opened";

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.close();
});

test("N65: requests that are given up as soon as they are made leave no connection behind that nobody can use", async () => {
  const server = await answering(ok("hello"));
  const network = networkTo(server);
  running.push(server, network);
  const stop = new AbortController();
  const given = Array.from({ length: 100 }, () =>
    ask(network, server, { signal: stop.signal }),
  );
  stop.abort();
  const ends = await Promise.allSettled(given);
  expect(ends.every(({ status }) => status === "rejected")).toBe(true);
  const signal = AbortSignal.timeout(3000);
  await expect(textOf(await ask(network, server, { signal }))).resolves.toBe(
    "hello",
  );
});

test("W31: a registry that asks for another token each time is not remembered without end", async () => {
  const keyring = new Keyring(async () => undefined, fakeClock());
  const { signal } = new AbortController();
  const long = "t".repeat(60_000);
  let fetched = 0;
  const token = (nth: number) =>
    keyring.token(`service ${nth}`, signal, async () => {
      fetched += 1;
      return { value: `${long}${nth}`, renewAt: Infinity };
    });
  for (let nth = 0; nth < 1000; nth++) await token(nth);
  for (let nth = 0; nth < 1000; nth++) await token(nth);
  expect(fetched).toBeGreaterThan(1500); // else 60 MB would be kept
  await token(999);
  await token(999);
  expect(fetched).toBeLessThan(2002);
});

test.each(["<", "<a", "<a>;", "<a>; rel", '<a>; rel="', "<a> "])(
  "N15: a Link header made of %j is read in no time",
  (piece) => {
    const began = performance.now();
    nextTarget(piece.repeat(16_000 / piece.length));
    expect(performance.now() - began).toBeLessThan(100);
  },
);

test("W140: a source that leads to another registry, which then wants to be left alone, holds up nobody else there", async () => {
  const world = paced({
    answer: ({ ledBy }) =>
      ledBy === undefined
        ? { status: 200 }
        : { status: 429, headers: { "retry-after": "21600" } },
  });
  const led = { ...get(), ledBy: new URL("https://evil.example") };
  const there = { origin: "https://evil.example" };
  await world.time.run(sent(world, led, there));
  await expect(world.time.run(sent(world))).resolves.toBe(200);
});

describe("who joins another's question", () => {
  const never = new AbortController().signal;

  test("N65: can give up alone", async () => {
    const flights = new Flights<string>();
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = flights.join("a", never, () => promise);
    const stop = new AbortController();
    const second = flights.join("a", stop.signal, () => promise);
    stop.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
    resolve("late");
    await expect(first).resolves.toMatchObject({ value: "late" });
  });

  test("G9: asks himself where the other one had less time", async () => {
    const flights = new Flights<string>();
    const hasty = new AbortController();
    const { promise, reject } = Promise.withResolvers<string>();
    const first = flights.join("a", hasty.signal, () => promise);
    const second = flights.join("a", never, async () => "answer");
    hasty.abort();
    reject(new Error("no answer came within the time given"));
    await expect(first).rejects.toThrow("within the time given");
    await expect(second).resolves.toEqual({ value: "answer", isOwn: true });
  });
});
