import type { RegistryOptions } from "../../registry/registry";
import { heavy, send, uploadOf } from "./heavy";
import { useShop, type Copy } from "./shop";

const { copying } = useShop();
const mebibyte = 1024 * 1024;
const size = 3 * mebibyte + 5;

/** A destination behind a proxy that takes bodies up to so many bytes. */
async function behindProxy(
  maxBytes: number,
  options: RegistryOptions = {},
): Promise<Copy> {
  const copy = await copying(options);
  copy.to.misbehave({
    path: /uploads/,
    when: ({ headers }) => Number(headers["content-length"] ?? 0) > maxBytes,
    times: Infinity,
    action: {
      status: 413,
      headers: { "content-type": "text/html" },
      body: "<html>413 Request Entity Too Large</html>",
    },
  });
  return copy;
}

test("F29, W84, F28: a body that is too large for a proxy goes in pieces, the last of them with the commit", async () => {
  const copy = await behindProxy(mebibyte);
  const blob = heavy(copy, size);
  await expect(send(copy, blob)).resolves.toBe(size);
  expect(copy.to.blob("mirror/app", blob.digest)?.length).toBe(size);
  const patches = uploadOf(copy).filter((one) => one.endsWith("202"));
  expect(patches).toEqual([
    "POST 0 202",
    "POST 0 202",
    "PATCH 0-786432 202",
    "PATCH 786433-1572865 202",
    "PATCH 1572866-2359298 202",
    "PATCH 2359299-3145731 202",
  ]);
  expect(uploadOf(copy).at(-1)).toBe("PUT 3145732-3145732 201");
  expect(copy.to.openUploads()).toEqual([]);
});

test("a host that refused one large body gets the next in pieces at once", async () => {
  const copy = await behindProxy(mebibyte);
  await send(copy, heavy(copy, size));
  copy.to.resetRequests();
  await send(copy, heavy(copy, size + 1));
  expect(uploadOf(copy).filter((one) => one.endsWith("413"))).toEqual([]);
});

test("F29: where no piece is small enough, the limit is named", async () => {
  const copy = await behindProxy(1000);
  await expect(send(copy, heavy(copy, size))).rejects.toMatchObject({
    fault: "exceeded",
    code: "LIMIT_EXCEEDED",
    remedy: "raise the body limit of the registry or of the proxy before it",
  });
  expect(copy.to.openUploads()).toEqual([]);
});

test("F26: a registry that takes no pieces is told apart from one that takes smaller ones", async () => {
  const copy = await behindProxy(mebibyte);
  copy.to.misbehave({
    method: "PATCH",
    path: /uploads/,
    times: Infinity,
    action: { status: 405 },
  });
  await expect(send(copy, heavy(copy, size))).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
    message: expect.stringMatching(/takes no pieces/),
  });
});

test("F25: pieces that are answered 416 get smaller, from where the registry stands", async () => {
  const copy = await behindProxy(2 * mebibyte);
  copy.to.misbehave({
    method: "PATCH",
    path: /uploads/,
    when: ({ headers }) => Number(headers["content-length"]) > 600_000,
    times: Infinity,
    action: { status: 416 },
  });
  await expect(send(copy, heavy(copy, size))).resolves.toBe(size);
  expect(uploadOf(copy)).toContainEqual(expect.stringMatching(/^GET .*204$/));
});

test("W85, F31: a registry that says 416 for ever is asked five times in a session, and no more", async () => {
  const copy = await behindProxy(2 * mebibyte);
  copy.to.misbehave({
    method: "PATCH",
    path: /uploads/,
    times: Infinity,
    action: { status: 416 },
  });
  await expect(send(copy, heavy(copy, size))).rejects.toMatchObject({
    code: "PROTOCOL",
  });
  const asked = uploadOf(copy).filter((one) => one.startsWith("GET"));
  expect(asked).toHaveLength(2 * 5);
  expect(copy.to.openUploads()).toEqual([]);
});

test("W82, F22: each piece goes to the newest Location", async () => {
  const copy = await behindProxy(mebibyte, { locations: "relative" });
  await send(copy, heavy(copy, size));
  const states = copy.to.requests
    .filter(({ method, status }) => method === "PATCH" && status === 202)
    .map(({ query }) => query);
  expect(states).toEqual(["_state=0", "_state=1", "_state=2", "_state=3"]);
});

test("W84, F30: no piece but the last is smaller than OCI-Chunk-Min-Length", async () => {
  const copy = await behindProxy(2 * mebibyte, { chunkMinLength: 1_500_000 });
  await send(copy, heavy(copy, size));
  const lengths = copy.to.requests
    .filter(({ method, status }) => method === "PATCH" && status === 202)
    .map(({ headers }) => Number(headers["content-length"]));
  expect(Math.min(...lengths)).toBeGreaterThanOrEqual(1_500_000);
});

test("W84, F30: the least piece counts where it is more than we would send", async () => {
  const copy = await behindProxy(7 * mebibyte);
  const minimum = 6_000_000;
  copy.to.misbehave({
    method: "POST",
    path: /uploads/,
    times: Infinity,
    action: { rewriteHeader: { "oci-chunk-min-length": String(minimum) } },
  });
  await send(copy, heavy(copy, 8 * mebibyte));
  const [first] = copy.to.requests.filter(({ method }) => method === "PATCH");
  expect(first?.headers["content-length"]).toBe(String(minimum));
});

test("F29: a piece is not made smaller than the registry takes", async () => {
  const copy = await behindProxy(2 * mebibyte, { chunkMinLength: 2_000_000 });
  await send(copy, heavy(copy, size));
  const [first] = copy.to.requests.filter(({ method }) => method === "PATCH");
  expect(first?.headers["content-length"]).toBe("2000000");
});

test("W84: a registry that wants more in a piece than memory should hold is not served in pieces", async () => {
  const copy = await behindProxy(mebibyte, { chunkMinLength: 1024 ** 3 });
  await expect(send(copy, heavy(copy, size))).rejects.toMatchObject({
    fault: "unsupported",
    code: "UNSUPPORTED",
  });
});

test("F27: the Range of an answer is not believed where nothing was refused", async () => {
  const copy = await behindProxy(mebibyte);
  copy.to.misbehave({
    method: "PATCH",
    path: /uploads/,
    times: Infinity,
    action: { rewriteHeader: { range: "0-786432" } },
  });
  await expect(send(copy, heavy(copy, size))).resolves.toBe(size);
});
