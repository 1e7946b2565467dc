import { Slots } from "../../../provider/stores/registry/pace/slots";
import { burst, get, paced, sent } from "./pacing";

const ok = { answer: () => ({ status: 200 }) };
const most = (visits: readonly { readonly together: number }[]): number =>
  Math.max(...visits.map(({ together }) => together));

describe("W143: requests to one host", () => {
  test("begin with eight at a time", async () => {
    const world = paced(ok);
    await burst(world, 8);
    expect(most(world.visits)).toBe(8);
    const crowd = paced(ok);
    await burst(crowd, 16);
    expect(most(crowd.visits)).toBe(8);
  });

  test("double while the host answers as quickly as ever, up to 64", async () => {
    const world = paced(ok);
    await burst(world, 1000);
    expect(most(world.visits)).toBe(64);
    // 8 + 16 + 32 + 64 … at 20 ms each
    expect(world.time.monotonic()).toBeLessThan(500);
  });

  test("do not grow where more at once only wait longer at the host", async () => {
    const world = paced({ ...ok, latencyMs: (together) => together * 20 });
    await burst(world, 500);
    expect(most(world.visits)).toBeLessThanOrEqual(16);
  });

  test("are halved by a 429, once for all that were under way, and grow back one by one", async () => {
    const world = paced({
      answer: (_, nth) => ({ status: nth > 56 && nth <= 88 ? 429 : 200 }),
    });
    await burst(world, 400);
    const after = world.visits.slice(130, 150);
    expect(most(after)).toBeGreaterThan(8);
    expect(most(after)).toBeLessThan(40);
    expect(world.visits).toHaveLength(432);
  });

  test("a host that only refuses is asked by one at a time in the end", async () => {
    const world = paced({ answer: () => ({ status: 503 }) });
    await burst(world, 40);
    const last = world.visits.slice(-10);
    expect(most(last)).toBe(1);
  });

  test("another host has its own turns", async () => {
    const world = paced({ ...ok, latencyMs: () => 20 });
    const here = Array.from({ length: 8 }, () => sent(world));
    const there = Array.from({ length: 8 }, () =>
      sent(world, get("/token", "https://auth.example")),
    );
    await world.time.run(Promise.all([...here, ...there]));
    expect(most(world.visits)).toBe(16);
  });
});

test("a body that is still to be read holds no turn: 100 answers may be open", async () => {
  const world = paced(ok);
  const reach = world.call();
  const { send } = world.lane().paced(reach);
  const answers = Array.from({ length: 100 }, () => send(get(), reach.signal));
  const open = await world.time.run(Promise.all(answers));
  expect(open).toHaveLength(100);
});

test("uploads whose source is the same host do not wait for themselves, even where it takes one request at a time", async () => {
  let refusals = 0;
  const world = paced({
    answer: ({ method }) => {
      if (method !== "GET") return { status: 201 };
      refusals += 1;
      return { status: refusals < 50 ? 503 : 200 };
    },
  });
  const upload = async (): Promise<unknown> => {
    const body = (async function* () {
      yield Buffer.from(String(await sent(world, get("/v2/a/blobs/x"))));
    })();
    return sent(world, { ...get(), method: "PUT", body });
  };
  const uploads = Array.from({ length: 20 }, upload);
  const done = await world.time.run(Promise.all(uploads));
  expect(new Set(done)).toEqual(new Set([201]));
});

describe("large uploads", () => {
  const flowing = (world: ReturnType<typeof paced>, origins: string[]) => {
    let now = 0;
    let top = 0;
    const reach = world.call();
    const all = origins.map((origin) =>
      world.lane({ origin }).flow(reach, async () => {
        top = Math.max(top, ++now);
        await world.time.wait(10, reach.signal);
        now -= 1;
      }),
    );
    return world.time.run(Promise.all(all)).then(() => top);
  };

  test("are six at a time to one registry", async () => {
    const world = paced(ok);
    const all = Array.from({ length: 30 }, () => "https://a.example");
    await expect(flowing(world, all)).resolves.toBe(6);
    expect(world.notices).toHaveLength(24);
    expect(world.notices[0]).toEqual({
      kind: "waiting",
      text: "waiting until other large blobs are written, before one goes to a.example",
    });
  });

  test("are eight at a time in the whole process", async () => {
    const world = paced(ok);
    const all = Array.from(
      { length: 30 },
      (_, nth) => `https://${nth % 5}.example`,
    );
    await expect(flowing(world, all)).resolves.toBe(8);
  });

  test("a failed one makes room", async () => {
    const world = paced(ok);
    const reach = world.call();
    const lane = world.lane();
    for (let nth = 0; nth < 20; nth++)
      await expect(
        lane.flow(reach, () => Promise.reject(new Error("broken"))),
      ).rejects.toThrow("broken");
    await expect(lane.flow(reach, async () => "done")).resolves.toBe("done");
  });
});

describe("whoever waits for a turn", () => {
  test("may leave, and the next one takes it", async () => {
    const slots = new Slots(() => 1);
    const [stop, stay] = [new AbortController(), new AbortController()];
    await slots.take(stay.signal);
    const left = slots.take(stop.signal);
    const next = slots.take(stay.signal);
    stop.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    slots.give();
    await expect(next).resolves.toBeUndefined();
    expect(slots.isCrowded).toBe(false);
  });

  test("is cancelled in our words", async () => {
    const world = paced(ok);
    const stop = new AbortController();
    const reach = world.call(stop);
    const { send } = world.lane().paced(reach);
    const first = Array.from({ length: 8 }, () =>
      send(get(), reach.signal).catch((error: unknown) => error),
    );
    const waiting = send(get(), reach.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
    await world.time.run(Promise.all(first));
  });

  test("one who is cancelled before he came gets none", async () => {
    const world = paced(ok);
    const stop = new AbortController();
    stop.abort();
    const reach = world.call(stop);
    await expect(
      world.lane().paced(reach).send(get(), reach.signal),
    ).rejects.toMatchObject({ code: "CANCELLED" });
    expect(world.visits).toEqual([]);
  });
});
