import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  Body,
  Blocks,
  blockBytes,
} from "../../../../provider/stores/registry/wire/http1/body";
import { ask, networkTo } from "./rawServer";

const bytes = randomBytes(9 * 1024 * 1024 + 17);
const digestOf = (content: Uint8Array): string =>
  createHash("sha256").update(content).digest("hex");

const server = createServer((_, response) => {
  response.writeHead(200, { "content-length": bytes.length });
  response.end(bytes);
});
let host: string;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((done) => server.close(done)));

test("a chunk that is read in passing stays as it is until three more were asked for", async () => {
  const network = networkTo({ host });
  const memory = new Set<ArrayBufferLike>();
  for (let nth = 0; nth < 3; nth++) {
    const { body } = await ask(network, { host }, { inPassing: true });
    const window: { chunk: Uint8Array; digest: string }[] = [];
    const whole = createHash("sha256");
    for await (const chunk of body) {
      memory.add(chunk.buffer);
      window.push({ chunk, digest: digestOf(chunk) });
      if (window.length > 4) window.shift();
      for (const one of window) expect(digestOf(one.chunk)).toBe(one.digest);
      whole.update(chunk);
    }
    expect(whole.digest("hex")).toBe(digestOf(bytes));
  }
  await network.close();
  expect(memory.size * blockBytes).toBeLessThan(bytes.length * 2);
});

test("who does not say that he reads in passing may keep every chunk", async () => {
  const network = networkTo({ host });
  const { body } = await ask(network, { host });
  const kept: Uint8Array[] = [];
  for await (const chunk of body) kept.push(chunk);
  expect(digestOf(Buffer.concat(kept))).toBe(digestOf(bytes));
  await network.close();
});

test("a reader that stands still stops the server, and takes few blocks", async () => {
  const network = networkTo({ host });
  const { body, discard } = await ask(network, { host }, { inPassing: true });
  const reader = body[Symbol.asyncIterator]();
  await reader.next();
  const before = process.memoryUsage().arrayBuffers;
  await new Promise((done) => setTimeout(done, 200));
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(
    8 * blockBytes,
  );
  await discard();
  await network.close();
});

test("the last chunks of a body are never used again: nobody knows how long they are kept", async () => {
  const blocks = new Blocks();
  const body = new Body(blocks, { room: () => {}, left: () => {} });
  const first = blocks.take();
  body.push(first.subarray(0, 1), first);
  body.finish();
  await body.next();
  for (let nth = 0; nth < 9; nth++) await body.next();
  expect(blocks.take()).not.toBe(first);
});
