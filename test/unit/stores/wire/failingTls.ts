import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { openNetwork } from "../../../../provider/stores/registry/wire/send";
import { startTls } from "./tlsServer";

const atOnce = 20;

setFlagsFromString("--expose-gc");
const sweep = runInNewContext("gc") as () => void;

/** What is in use behind a sweep. */
function used(): number {
  sweep();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Fails so often that a certificate cannot be trusted, and prints what of it is still in memory. */
async function main(warmUp: number, count: number): Promise<void> {
  const server = await startTls();
  const network = openNetwork({ registries: [], environment: {} });
  const url = new URL(`https://${server.host}/`);
  const { signal } = new AbortController();
  let failures = 0;
  const fail = async (): Promise<void> => {
    const request = { method: "GET", url, headers: {} } as const;
    await network.send(request, signal).catch((error: unknown) => {
      if (Object(error).code === "TLS") failures += 1;
    });
  };
  const failMany = async (times: number): Promise<void> => {
    for (let nth = 0; nth < times; nth += atOnce)
      await Promise.all(Array.from({ length: atOnce }, fail));
  };
  await failMany(warmUp);
  const before = used();
  await failMany(count);
  console.log(JSON.stringify({ failures, grown: used() - before }));
  await network.close();
  await server.close();
}

main(200, 4800).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
