import { readWhole } from "../../../provider/mirror/body";
import { collect, streamOf } from "../../../provider/stores/collect";

const small = (text: string) => Buffer.from(text);

test("what is collected keeps no more memory than it has bytes, though Node lends small buffers out of a pool", async () => {
  const bytes = await collect(streamOf(small("a manifest")));
  expect(Buffer.from(bytes).toString()).toBe("a manifest");
  expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
});

test("nor does a body that was read in pieces", async () => {
  async function* body() {
    yield small("a mani");
    yield small("fest");
  }
  const response = { status: 200, headers: {}, body: body() };
  const discard = async () => {};
  const bytes = await readWhole({ ...response, discard }, 10);
  expect(Buffer.from(bytes ?? []).toString()).toBe("a manifest");
  expect(bytes?.buffer.byteLength).toBeLessThan(100);
});
