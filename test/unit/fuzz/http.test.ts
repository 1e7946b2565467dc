import fc from "fast-check";
import { BrokenAnswer } from "../../../provider/stores/registry/wire/http1/brokenAnswer";
import { ChunkedReader } from "../../../provider/stores/registry/wire/http1/chunked";
import {
  endOfHead,
  framingOf,
  readHead,
} from "../../../provider/stores/registry/wire/http1/head";
import { fuzz, inBytes, mutants, readOrRefused } from "./fuzzing";

const heads = [
  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n",
  'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm="x"\r\nContent-Length: 0\r\n\r\n',
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
].map((text) => Buffer.from(text, "latin1"));
const chunked = Buffer.from(
  "5\r\nhello\r\n1a;x\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nT: x\r\n\r\n",
);

/** One slip among these makes a smuggler's day. */
const smuggling = [
  "\r",
  "\n",
  "\r\n",
  "\r\n ",
  " ",
  "\t",
  ":",
  "\0",
  "\u000b",
  "0",
  "+",
  ",",
  "Content-Length: 6\r\n",
  "Transfer-Encoding: chunked\r\n",
];
const inLines = (document: Buffer, dice: (bound: number) => number): Buffer => {
  const at = dice(document.length + 1);
  const word = Buffer.from(smuggling[dice(smuggling.length)] ?? "", "latin1");
  return Buffer.concat([
    document.subarray(0, at),
    word,
    document.subarray(at + dice(2)),
  ]);
};

test("N50: a head is read to one meaning or refused, whatever comes", async () => {
  await fuzz(
    mutants(heads, inBytes, inLines),
    async (bytes) => {
      const end = endOfHead(bytes);
      if (end === undefined) return;
      const read = await readOrRefused(() => {
        const head = readHead(bytes.subarray(0, end));
        return { head, framing: framingOf(head, "GET") };
      }, [BrokenAnswer]);
      if (read === undefined) return;
      const { head, framing } = read;
      const text = bytes.toString("latin1", 0, end);
      const lengths = text.match(/^content-length[^\r\n]*$/gim) ?? [];
      const codings = text.match(/^transfer-encoding[^\r\n]*$/gim) ?? [];
      expect(lengths.length + codings.length).toBeLessThanOrEqual(1);
      if (
        framing.kind === "length" &&
        head.status !== 204 &&
        head.status !== 304
      )
        expect(lengths[0]).toMatch(
          new RegExp(`^content-length:[ \\t]*0*${framing.bytes}[ \\t]*$`, "i"),
        );
      expect(/[^\r]\n|\r[^\n]|\n[ \t]|\0/.test(text)).toBe(false);
    },
    4000,
  );
});

test("N50: a chunked body means the same in whatever pieces it comes, or is refused in all of them", async () => {
  const decode = (bytes: Buffer, piece: number): string => {
    const reader = new ChunkedReader();
    let body = "";
    try {
      for (let at = 0; at < bytes.length && !reader.isDone; at += piece)
        reader.read(bytes.subarray(at, at + piece), (part) => {
          body += part.toString("latin1");
        });
    } catch (error) {
      if (error instanceof BrokenAnswer) return "refused";
      throw error;
    }
    return reader.isDone ? `whole ${body}` : "cut";
  };
  await fuzz(
    fc.tuple(
      mutants([chunked], inBytes, inLines),
      fc.integer({ min: 1, max: 20 }),
    ),
    ([bytes, piece]) => {
      expect(decode(bytes, piece)).toBe(
        decode(bytes, Math.max(1, bytes.length)),
      );
    },
    2000,
  );
});
