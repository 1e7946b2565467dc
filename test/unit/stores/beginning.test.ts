import type { Reach } from "../../../provider/mirror/ports";
import { begin } from "../../../provider/stores/registry/writing/blobs/beginning";

const asked = { what: "could not begin", where: {} };

function reachOf(signal: AbortSignal): Reach {
  const send = () => Promise.reject(new Error("nobody is asked"));
  return { send, signal, now: () => new Date(0) };
}

test("N65: who is stopped while an upload begins hears the answer still, and gives the upload up", async () => {
  const stop = new AbortController();
  const given: string[] = [];
  const beginning = begin(reachOf(stop.signal), asked, {
    work: async ({ signal }) => {
      stop.abort();
      return signal.aborted ? "too late" : "session";
    },
    giveUp: async (session) => void given.push(session),
  });
  await expect(beginning).rejects.toMatchObject({ code: "CANCELLED" });
  expect(given).toEqual(["session"]);
});

test("N65: an answer that never comes is waited for less than half a second", async () => {
  const stop = new AbortController();
  const from = performance.now();
  const beginning = begin(reachOf(stop.signal), asked, {
    work: ({ signal }) => {
      stop.abort();
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(new Error("gave up"))),
      );
    },
    giveUp: () => Promise.reject(new Error("there is nothing to give up")),
  });
  await expect(beginning).rejects.toThrow("gave up");
  expect(performance.now() - from).toBeLessThan(2000);
});

test("N65: who is stopped before begins nothing", async () => {
  const beginning = begin(reachOf(AbortSignal.abort()), asked, {
    work: () => Promise.reject(new Error("it was begun")),
    giveUp: () => Promise.reject(new Error("there is nothing to give up")),
  });
  await expect(beginning).rejects.toMatchObject({ code: "CANCELLED" });
});

test("who is not stopped gets what was begun", async () => {
  const reach = reachOf(new AbortController().signal);
  const giveUp = () => Promise.reject(new Error("there is nothing to give up"));
  const work = () => Promise.resolve("session");
  expect(await begin(reach, asked, { work, giveUp })).toBe("session");
});
