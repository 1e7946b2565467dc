import { MirrorError } from "../../../provider/mirror/errors";
import { Flights } from "../../../provider/mirror/flights";

const still = new AbortController().signal;

const cancelled = () =>
  new MirrorError({
    fault: "cancelled",
    code: "CANCELLED",
    what: "could not go on",
    why: "somebody stopped it",
    remedy: "run it again",
  });

/** An errand that ends when it is told how. */
function errand() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let started = 0;
  return {
    resolve,
    reject,
    started: () => started,
    start: () => {
      started += 1;
      return promise;
    },
  };
}

test("who wants the same thing at the same time shares one errand", async () => {
  const flights = new Flights<string>();
  const one = errand();
  const both = [1, 2].map(() => flights.join("a", still, one.start));
  one.resolve("bread");
  expect(await Promise.all(both)).toEqual([
    { value: "bread", isOwn: true },
    { value: "bread", isOwn: false },
  ]);
  expect(one.started()).toBe(1);
});

test("a failure is shared, and not kept", async () => {
  const flights = new Flights<string>();
  const one = errand();
  const both = [1, 2].map(() => flights.join("a", still, one.start));
  one.reject(new Error("no bread"));
  for (const each of both) await expect(each).rejects.toThrow("no bread");
  const next = errand();
  next.resolve("bread");
  await expect(flights.join("a", still, next.start)).resolves.toEqual({
    value: "bread",
    isOwn: true,
  });
});

test("somebody else's cancellation is not ours: then we go ourselves", async () => {
  const flights = new Flights<string>();
  const [theirs, ours] = [errand(), errand()];
  const first = flights.join("a", still, theirs.start);
  const second = flights.join("a", still, ours.start);
  theirs.reject(cancelled());
  ours.resolve("bread");
  await expect(first).rejects.toThrow("somebody stopped it");
  await expect(second).resolves.toEqual({ value: "bread", isOwn: true });
});

test("who is cancelled himself does not go again", async () => {
  const flights = new Flights<string>();
  const [theirs, ours] = [errand(), errand()];
  const first = flights.join("a", still, theirs.start);
  const stopped = AbortSignal.abort(new Error("enough"));
  const second = flights.join("a", stopped, ours.start);
  theirs.reject(cancelled());
  await expect(first).rejects.toThrow();
  await expect(second).rejects.toThrow("enough");
  expect(ours.started()).toBe(0);
});
