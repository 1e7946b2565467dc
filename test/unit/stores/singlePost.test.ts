import { counts } from "../../registry/recorder";
import { heavy, send, uploadOf } from "./heavy";
import { blobs, useShop } from "./shop";

const { copying } = useShop();
const [small, other] = blobs;
if (!small || !other) throw new Error("the sample has too few blobs");

test("W83: where the POST itself takes a small blob, one request brings it; the first is confirmed", async () => {
  const copy = await copying();
  await send(copy, small);
  await send(copy, other);
  expect(uploadOf(copy)).toEqual([
    `POST ${small.size} 201`,
    `POST ${other.size} 201`,
  ]);
  expect(counts(copy.to.requests)).toMatchObject({ "HEAD blob": 1 });
});

test("W83: a registry that answers 202 gets the PUT, and no body in a POST again", async () => {
  const copy = await copying({ singlePost: false });
  await send(copy, small);
  await send(copy, other);
  expect(uploadOf(copy)).toEqual([
    `POST ${small.size} 202`,
    `PUT ${small.size} 201`,
    "POST 0 202",
    `PUT ${other.size} 201`,
  ]);
  const reads = copy.from.requests.filter(({ kind }) => kind === "blob");
  expect(reads).toHaveLength(2);
});

test("W83: only one blob tries it at a time", async () => {
  const copy = await copying({ singlePost: false });
  await Promise.all([send(copy, small), send(copy, other)]);
  const tried = uploadOf(copy).filter((one) => /^POST [1-9]/.test(one));
  expect(tried).toHaveLength(1);
});

test.each([400, 404, 405, 411, 413])(
  "W83: a POST with a body refused with %i leaves the plain way",
  async (status) => {
    const copy = await copying();
    copy.to.misbehave({
      method: "POST",
      path: /\?digest=/,
      times: Infinity,
      action: { status },
    });
    await expect(send(copy, small)).resolves.toBe(small.size);
    await send(copy, other);
    expect(uploadOf(copy)).toHaveLength(5);
  },
);

test("W83: a registry that says 201 and keeps nothing is found out", async () => {
  const copy = await copying();
  copy.to.misbehave({
    method: "POST",
    path: /\?digest=/,
    action: { forget: true },
  });
  await expect(send(copy, small)).resolves.toBe(small.size);
  expect(copy.to.blob("mirror/app", small.digest)).toBeDefined();
});

test("a blob of more than 64 KiB never goes into a POST", async () => {
  const copy = await copying();
  await send(copy, heavy(copy, 64 * 1024 + 1));
  expect(uploadOf(copy)).toEqual(["POST 0 202", "PUT 65537 201"]);
});
