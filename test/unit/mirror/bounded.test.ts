import { eachBounded } from "../../../provider/mirror/bounded";
import { reach } from "./memoryStore";

test("the first failure gives up what is under way, starts nothing more, and is told when all has ended", async () => {
  const log: string[] = [];
  const waiting = (signal: AbortSignal) =>
    new Promise<void>((done) => signal.addEventListener("abort", () => done()));
  const work = async (item: string, linked: typeof reach) => {
    log.push(`begins ${item}`);
    if (item === "bad") throw new Error("no room");
    await waiting(linked.signal);
    log.push(`gives up ${item}`);
    throw new Error("given up");
  };
  await expect(
    eachBounded(["good", "bad", "late"], { limit: 2, reach }, work),
  ).rejects.toThrow("no room");
  expect(log).toEqual(["begins good", "begins bad", "gives up good"]);
});

test("who is cancelled from outside is cancelled within", async () => {
  const outside = AbortSignal.abort(new Error("stop"));
  await expect(
    eachBounded(
      [1],
      { limit: 1, reach: { ...reach, signal: outside } },
      async (_, linked) => linked.signal.throwIfAborted(),
    ),
  ).rejects.toThrow("stop");
});
