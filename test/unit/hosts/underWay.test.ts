import { underWay } from "../../../provider/hosts/plugin/underWay";
import type { Request, Send } from "../../../provider/mirror/ports";

function get(host: string): Request {
  return { method: "GET", url: new URL(`https://${host}/v2/`), headers: {} };
}

/** A network whose hosts answer, refuse, or never do either, by their names. */
const network: Send = ({ url }) => {
  if (url.host.startsWith("silent")) return new Promise(() => undefined);
  if (url.host === "lost.example") return Promise.reject(new Error("lost"));
  return Promise.resolve({
    status: 200,
    headers: {},
    body: (async function* () {})(),
    discard: async () => undefined,
  });
};
const { signal } = new AbortController();

test("nothing is said of a call that began nothing", () => {
  expect(underWay(network).words()).toBe("");
});

test("hosts that owe an answer are named, three at most, each once", () => {
  const doing = underWay(network);
  for (const nth of [1, 1, 2, 3, 4])
    void doing.send(get(`silent${nth}.example`), signal);
  expect(doing.words()).toBe(
    ", while waiting for silent1.example, silent2.example, silent3.example",
  );
});

test("a host that is still being sent to is not said to owe an answer", () => {
  const doing = underWay(network);
  const put = { ...get("silent2.example"), method: "PUT" } as const;
  const body = (async function* () {})();
  void doing.send({ ...put, body }, signal);
  expect(doing.words()).toBe(", while sending to silent2.example");
  void doing.send({ ...put, body: new Uint8Array(1) }, signal);
  void doing.send(get("silent1.example"), signal);
  expect(doing.words()).toBe(
    ", while waiting for silent2.example, silent1.example and sending to silent2.example",
  );
});

test("where none does, the last one asked is named, and what was said last", async () => {
  const doing = underWay(network);
  await doing.send(get("reg.example"), signal);
  await expect(doing.send(get("lost.example"), signal)).rejects.toThrow();
  expect(doing.words()).toBe(", after asking lost.example");
  doing.note("copied 1 of 2 blobs");
  doing.note("copied 2 of 2 blobs");
  expect(doing.words()).toBe(
    ", after asking lost.example; last: copied 2 of 2 blobs",
  );
});

test("what was said stands alone where nobody was asked", () => {
  const doing = underWay(network);
  doing.note("copied 1 of 2 blobs");
  expect(doing.words()).toBe(", last: copied 1 of 2 blobs");
});
