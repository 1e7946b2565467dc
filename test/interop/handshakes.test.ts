import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openNetwork } from "../../provider/stores/registry/wire/send";
import { startRegistry } from "../registry/registry";

const mebibyte = 1024 * 1024;

/** What the process holds once all garbage is gone: what goes by finalizers needs some turns. */
async function held(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  for (let turn = 0; turn < 10; turn += 1) {
    if (typeof collect === "function") collect();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

test("N46: 5000 handshakes with a certificate that is not trusted leave nothing behind", async () => {
  const registry = await startRegistry({ tls: true });
  const network = openNetwork({ registries: [], environment: {} });
  const request = {
    method: "GET",
    url: new URL(`${registry.origin}/v2/`),
    headers: {},
  } as const;
  const patient = new AbortController();
  const fail = async (times: number): Promise<void> => {
    for (let done = 0; done < times; done += 20) {
      await Promise.all(
        Array.from({ length: 20 }, () =>
          expect(network.send(request, patient.signal)).rejects.toMatchObject({
            code: "TLS",
          }),
        ),
      );
    }
  };
  try {
    await fail(500);
    const before = await held();
    await fail(5000);
    expect((await held()) - before).toBeLessThan(20 * mebibyte);
    expect(registry.requests).toEqual([]);
  } finally {
    await network.close();
    await registry.close();
  }
}, 180_000);
