import {
  retrying,
  patient,
} from "../../../../provider/stores/registry/pace/retry";
import { openNetwork } from "../../../../provider/stores/registry/wire/send";
import { fakeClock } from "../opened";
import { answering, ok } from "../http1/rawServer";
import { naming } from "./tlsServer";

const { signal } = new AbortController();

test("dns-failure: of an IPv6 address that is dead and an IPv4 one that lives, the second is used", async () => {
  const server = await answering(ok("hello"));
  const port = server.host.split(":")[1];
  const host = `both.test:${port}`;
  const network = openNetwork({
    registries: [{ host, plainHttp: true }],
    environment: {},
    resolve: naming({ "both.test": ["::1", "127.0.0.1"] }),
  });
  const url = new URL(`http://${host}/`);
  const request = { method: "GET", url, headers: {} } as const;
  const response = await network.send(request, signal);
  expect(response.status).toBe(200);
  await response.discard();
  await network.close();
  await server.close();
});

test.each([
  ["ENOTFOUND", 2],
  ["EAI_AGAIN", 6],
])("dns-failure, W144: %s is asked %i times", async (code, tries) => {
  let asked = 0;
  const known = naming({ "none.test": code });
  const resolve = ((...of: Parameters<typeof known>) => {
    asked += 1;
    return known(...of);
  }) as typeof known;
  const network = openNetwork({ registries: [], environment: {}, resolve });
  const send = retrying(network.send, {
    clock: fakeClock(),
    patience: patient,
    now: () => new Date(0),
  });
  const url = new URL("https://none.test/");
  await expect(
    send({ method: "GET", url, headers: {} }, signal),
  ).rejects.toMatchObject({ code: "NETWORK", fault: "unreachable" });
  expect(asked).toBe(tries);
  await network.close();
});
