import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { openNetwork } from "../../../provider/stores/registry/wire/send";
import {
  swift,
  swiftlyTaken,
} from "../../../provider/stores/registry/wire/swift";

const kibibyte = 1024;

/** A body of so many chunks, for each of which one waits on the clock that `now` shows. */
function dripping(chunk: { bytes: number; ms: number; count: number }) {
  let now = 0;
  let sent = 0;
  const body = (async function* () {
    for (; sent < chunk.count; sent += 1) {
      now += chunk.ms;
      yield Buffer.alloc(chunk.bytes);
    }
  })();
  return {
    body,
    now: () => now,
    pause: (ms: number) => (now += ms),
    sent: () => sent,
  };
}

async function drain(body: AsyncIterable<Uint8Array>, between = () => {}) {
  for await (const _ of body) between();
}

test("an answer that drips a byte before each time-out is given up after a minute", async () => {
  const drip = dripping({ bytes: 1, ms: 20_000, count: 1_000_000 });
  await expect(drain(swift(drip.body, drip.now))).rejects.toThrow(
    /KiB a second/,
  );
  expect(drip.now()).toBeLessThanOrEqual(120_000);
});

test.each([
  ["a fast answer", { bytes: 64 * kibibyte, ms: 1000, count: 600 }],
  ["a small answer that is late", { bytes: 1, ms: 50_000, count: 1 }],
  [
    "an answer as slow as is allowed",
    { bytes: 16 * kibibyte, ms: 1000, count: 600 },
  ],
])("%s is read to its end", async (_, chunk) => {
  const drip = dripping(chunk);
  await drain(swift(drip.body, drip.now));
  expect(drip.sent()).toBe(chunk.count);
});

test("a reader that takes its time is not the server's fault", async () => {
  const drip = dripping({ bytes: kibibyte, ms: 1, count: 100 });
  await drain(swift(drip.body, drip.now), () => void drip.pause(60_000));
  expect(drip.sent()).toBe(100);
});

describe("W15: an upload", () => {
  test("to a destination that takes a byte before each time-out is given up after a minute", async () => {
    const drip = dripping({ bytes: 1, ms: 0, count: 1_000_000 });
    const upload = drain(
      swiftlyTaken(drip.body, drip.now),
      () => void drip.pause(20_000),
    );
    await expect(upload).rejects.toThrow("it takes less than 16 KiB a second");
    expect(drip.now()).toBeLessThanOrEqual(120_000);
  });

  test("whose source takes its time is not the destination's fault", async () => {
    const drip = dripping({ bytes: 1, ms: 50_000, count: 100 });
    await drain(swiftlyTaken(drip.body, drip.now));
    expect(drip.sent()).toBe(100);
  });

  test("as slow as is allowed is written to its end", async () => {
    const drip = dripping({ bytes: 16 * kibibyte, ms: 0, count: 600 });
    await drain(swiftlyTaken(drip.body, drip.now), () => void drip.pause(1000));
    expect(drip.sent()).toBe(600);
  });
});

describe("over a socket", () => {
  let server: Server;
  let timers: NodeJS.Timeout[] = [];
  const drip = (response: ServerResponse) => {
    response.writeHead(401, { "content-length": "100000" });
    timers.push(setInterval(() => response.write("x"), 50));
  };

  beforeAll(async () => {
    server = createServer((_, response) => drip(response));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });
  afterAll(async () => {
    timers.forEach(clearInterval);
    timers = [];
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  test("letting go of an answer that drips does not wait for its end", async () => {
    const { port } = server.address() as AddressInfo;
    const host = `127.0.0.1:${port}`;
    const network = openNetwork({
      registries: [{ host, plainHttp: true }],
      environment: {},
    });
    const url = new URL(`http://${host}/v2/`);
    const { signal } = new AbortController();
    const begin = performance.now();
    const response = await network.send(
      { method: "GET", url, headers: {} },
      signal,
    );
    await response.discard();
    expect(performance.now() - begin).toBeLessThan(4000);
    await network.close();
  }, 10_000);
});
