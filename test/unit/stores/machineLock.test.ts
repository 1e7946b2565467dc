import { Turns } from "../../../provider/stores/registry/memory/turns";

const turn = {
  key: "registry.example/app@sha256:00",
  what: "could not write the list",
  where: { side: "destination", reference: "registry.example/app" },
  signal: new AbortController().signal,
} as const;

/** Every writer keeps its own queue, as two processes do. */
const writers = () => Array.from({ length: 6 }, () => new Turns());

test("W108, G11: writers that do not know each other work at one fallback tag one after the other", async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise(setImmediate);
    inside -= 1;
  };
  await Promise.all(writers().map((one) => one.take(turn, work)));
  expect(most).toBe(1);
});

test("W108: what fails in one turn is its own caller's to know, and the next has its turn", async () => {
  const turns = new Turns();
  const failing = turns.take(turn, () => Promise.reject(new Error("no")));
  const next = turns.take(turn, () => Promise.resolve(7));
  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe(7);
});
