import { createServer, type Server } from "node:http";
import { checkRevocation } from "../../../provider/verifiers/revocation/check";
import { readCertificate } from "../../../provider/verifiers/x509/certificate";
import {
  openNetwork,
  type Network,
} from "../../../provider/stores/registry/wire/send";
import { extensions, type Issued } from "../../samples/pki";
import { ocspResponse, revocationList } from "../../samples/revocation";
import { leafWith, root } from "./revoking";

let server: Server;
let host: string;
const networks: Network[] = [];
let leaf: Issued;
const asked: string[] = [];

beforeEach(async () => {
  asked.length = 0;
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume();
    if (request.url === "/away") {
      response.writeHead(302, { location: "/ocsp" }).end();
    } else if (request.url === "/list") {
      response.end(revocationList(root));
    } else {
      response.end(ocspResponse(leaf, root));
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error();
  host = `127.0.0.1:${address.port}`;
});
afterEach(async () => {
  for (const network of networks.splice(0)) await network.close();
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

async function check(extension: Buffer, hosts: readonly string[]) {
  leaf = leafWith(extension);
  const opened = openNetwork({
    registries: hosts.map((one) => ({ host: one })),
    environment: {},
  });
  networks.push(opened);
  const chain = [leaf, root].map(({ der }) => readCertificate(der));
  return checkRevocation({
    chain,
    reach: {
      send: opened.send,
      signal: new AbortController().signal,
      now: () => new Date(),
    },
  });
}

test("a responder and a list on a host that is configured are asked over the wire", async () => {
  const responder = extensions.ocsp(`http://${host}/ocsp`);
  await expect(check(responder, [host])).resolves.toEqual({ outcome: "good" });
  const list = extensions.crl(`http://${host}/list`);
  await expect(check(list, [host])).resolves.toEqual({ outcome: "good" });
  expect(asked).toEqual(["POST /ocsp", "GET /list"]);
});

test("a certificate leads nobody into our own network, and the message says what to do", async () => {
  const responder = extensions.ocsp(`http://${host}/ocsp`);
  await expect(check(responder, [])).resolves.toMatchObject({
    outcome: "unknown",
    reason: expect.stringMatching(/127\.0\.0\.1.*`registries`/s),
  });
  expect(asked).toEqual([]);
});

test("a redirect is no answer", async () => {
  const responder = extensions.ocsp(`http://${host}/away`);
  await expect(check(responder, [host])).resolves.toMatchObject({
    outcome: "unknown",
    reason: expect.stringMatching(/status 302/),
  });
  expect(asked).toEqual(["POST /away"]);
});
