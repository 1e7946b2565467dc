import { MirrorError } from "../../../provider/mirror/errors";
import { holds } from "../../../provider/mirror/holds";
import { textOf } from "../../../provider/mirror/textOf";
import { MemoryStore, reach } from "./memoryStore";

const store = () => new MemoryStore("destination");

test("an image holds itself, and nothing else", async () => {
  const place = store();
  const [one, other] = [place.image("one"), place.image("other")];
  await expect(
    holds(place, { digest: one.digest, in: one }, reach),
  ).resolves.toBe(true);
  await expect(
    holds(place, { digest: other.digest, in: one }, reach),
  ).resolves.toBe(false);
});

test("an index holds what is anywhere below it, and an index that it names twice is read once", async () => {
  const place = store();
  const [one, other] = [place.image("one"), place.image("other")];
  const inner = place.index([one]);
  const root = place.index([inner, inner]);
  await expect(
    holds(place, { digest: one.digest, in: root }, reach),
  ).resolves.toBe(true);
  place.log.length = 0;
  await expect(
    holds(place, { digest: other.digest, in: root }, reach),
  ).resolves.toBe(false);
  expect(
    place.log.filter((line) => line === `read ${inner.digest}`),
  ).toHaveLength(1);
});

test("a child index that is not there holds nothing", async () => {
  const place = store();
  const one = place.image("one");
  const inner = place.index([one]);
  const root = place.index([inner]);
  place.manifests.delete(inner.digest);
  await expect(
    holds(place, { digest: one.digest, in: root }, reach),
  ).resolves.toBe(false);
});

test("an index that could not be read is not said to hold nothing", async () => {
  const place = store();
  const one = place.image("one");
  const root = place.index([place.index([one])]);
  const silent = new MirrorError({
    fault: "unreachable",
    code: "NETWORK",
    what: "w",
    why: "y",
    remedy: "r",
  });
  place.read = () => Promise.reject(silent);
  await expect(
    holds(place, { digest: one.digest, in: root }, reach),
  ).rejects.toBe(silent);
});

test("indexes deeper than any artifact may nest are not followed", async () => {
  const place = store();
  const one = place.image("one");
  let top = one;
  for (let depth = 0; depth < 7; depth++) top = place.index([top]);
  await expect(
    holds(place, { digest: one.digest, in: top }, reach),
  ).resolves.toBe(false);
});

test("whatever was thrown has words", () => {
  expect(textOf(new Error("why"))).toBe("why");
  expect(textOf("thrown text")).toBe("thrown text");
});
