import type { Destination } from "../../../provider/mirror/ports";
import { counts } from "../../registry/recorder";
import { heavy, uploadOf } from "./heavy";
import { referenceTo } from "./opened";
import { useShop, type Copy } from "./shop";

const { copying } = useShop();

test("a blob that is there costs one POST and no read of the source; the host's first such word is confirmed", async () => {
  const copy = await copying();
  const [one, two] = [heavy(copy, 1000), heavy(copy, 2000)];
  for (const { digest } of [one, two])
    copy.to.putBlob(
      "mirror/app",
      copy.from.blob("team/app", digest) ?? Buffer.alloc(0),
    );
  await expect(copy.copyOne(one)).resolves.toBe(0);
  await expect(copy.copyOne(two)).resolves.toBe(0);
  expect(counts(copy.to.requests)).toEqual({
    "POST upload": 2,
    "HEAD blob": 1,
  });
  expect(copy.from.requests).toEqual([]);
});

test("N63: a host that says it has what it has not is believed once, and asked so no more", async () => {
  const copy = await copying();
  copy.to.misbehave({
    method: "POST",
    path: /mount=/,
    times: Infinity,
    action: { status: 201 },
  });
  const [one, two] = [heavy(copy, 1000), heavy(copy, 2000)];
  await expect(copy.copyOne(one)).resolves.toBe(1000);
  await expect(copy.copyOne(two)).resolves.toBe(2000);
  const asked = copy.to.requests.filter(({ query }) => /mount=/.test(query));
  expect(asked).toHaveLength(1);
});

test("W92: a host that refuses the question gets plain uploads from then on", async () => {
  const copy = await copying();
  copy.to.misbehave({
    method: "POST",
    path: /mount=/,
    times: Infinity,
    action: { status: 405 },
  });
  await copy.copyOne(heavy(copy, 1000));
  await copy.copyOne(heavy(copy, 2000));
  expect(uploadOf(copy)).toEqual([
    "POST 0 405",
    "POST 0 202",
    "PUT 1000 201",
    "POST 0 202",
    "PUT 2000 201",
  ]);
});

test("a large blob is asked for by HEAD where mounts are not known to answer", async () => {
  const copy = await copying({ mount: false });
  const blob = heavy(copy, 1024 * 1024);
  copy.to.putBlob("mirror/app", Buffer.alloc(blob.size, "heavy"));
  await expect(copy.copyOne(blob)).resolves.toBe(0);
  expect(copy.to.openUploads()).toEqual([]);
});

/** Twenty repositories of the destination's registry. */
function twenty({ to, world }: Copy): readonly Destination[] {
  return Array.from({ length: 20 }, (_, index) =>
    world.registries(referenceTo(`${to.host}/mirror/app${index}`), {
      side: "destination",
      isWriter: true,
    }),
  );
}

test("twenty repositories that want one blob at the same time read and send it once, and mount it nineteen times", async () => {
  const copy = await copying({ auth: "token" });
  const blob = heavy(copy, 100_000);
  const by = { reach: copy.world.reach, onBytes: () => undefined };
  const sent = await Promise.all(
    twenty(copy).map((one) => one.copyFrom(copy.source, blob, by)),
  );
  expect(sent.reduce((sum, bytes) => sum + bytes, 0)).toBe(blob.size);
  expect(counts(copy.to.requests)).toMatchObject({
    "POST upload": 20,
    "PUT upload": 1,
    "HEAD blob": 19,
  });
  expect(counts(copy.from.requests)).toMatchObject({ "GET blob": 1 });
});

test("where the one that goes first fails, the others go by themselves", async () => {
  const copy = await copying();
  const blob = heavy(copy, 100_000);
  copy.to.misbehave({
    method: "POST",
    path: /app0\//,
    times: Infinity,
    action: { status: 403 },
  });
  const by = { reach: copy.world.reach, onBytes: () => undefined };
  const ended = await Promise.allSettled(
    twenty(copy).map((one) => one.copyFrom(copy.source, blob, by)),
  );
  const failed = ended.filter(({ status }) => status === "rejected");
  expect(failed).toHaveLength(1);
});

test("where mounts are answered with sessions, nobody waits for the first any more", async () => {
  const copy = await copying({ mount: false });
  const blob = heavy(copy, 1000);
  const by = { reach: copy.world.reach, onBytes: () => undefined };
  for (const one of twenty(copy).slice(0, 3))
    await expect(one.copyFrom(copy.source, blob, by)).resolves.toBe(1000);
  expect(copy.to.openUploads()).toEqual([]);
});
