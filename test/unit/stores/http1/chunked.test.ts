import { ChunkedReader } from "../../../../provider/stores/registry/wire/http1/chunked";

/** Reads a text in pieces of so many bytes. */
function decode(text: string, piece = text.length) {
  const reader = new ChunkedReader();
  const bytes = Buffer.from(text, "latin1");
  let body = "";
  let used = 0;
  for (let at = 0; at < bytes.length && !reader.isDone; at += piece)
    used += reader.read(bytes.subarray(at, at + piece), (part) => {
      body += part.toString("latin1");
    });
  return { body, used, isDone: reader.isDone };
}

const whole = "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: x\r\n\r\n";

test.each([1, 2, 3, 7, 100])(
  "a chunked body in pieces of %i bytes is the same",
  (piece) => {
    expect(decode(whole, piece)).toEqual({
      body: "hello world",
      used: whole.length,
      isDone: true,
    });
  },
);

test("what follows the body does not belong to it", () => {
  expect(decode(`${whole}HTTP/1.1 200 OK`).used).toBe(whole.length);
});

test("a body that is cut is not whole", () => {
  for (let length = 0; length < whole.length; length++)
    expect(decode(whole.slice(0, length)).isDone).toBe(false);
});

test.each([
  ["no size", "\r\nhello\r\n"],
  ["a sign", "+5\r\nhello\r\n"],
  ["0x", "0x5\r\nhello\r\n"],
  ["a space before", " 5\r\nhello\r\n"],
  ["another word", "5 5\r\nhello\r\n"],
  ["a size beyond all bounds", "fffffffffffff\r\n"],
  ["a control character", "5;\u0001\r\nhello\r\n"],
])("N50: a chunk's size with %s is refused", (_, text) => {
  expect(() => decode(text)).toThrow(/no size/);
});

test("N50: lines end in CRLF, and a chunk where it said", () => {
  expect(() => decode("5\nhello\r\n")).toThrow(/bare LF/);
  expect(() => decode("5\r\nhello!\r\n")).toThrow(/longer/);
  expect(() => decode("5\r\nhello\n")).toThrow(/bare LF/);
});

test("N28: neither a line nor the trailers grow without bound", () => {
  expect(() => decode(`5;${"x".repeat(2000)}`)).toThrow(/too long/);
  const trailer = `a: ${"x".repeat(1000)}\r\n`;
  expect(() => decode(`0\r\n${trailer.repeat(20)}`)).toThrow(/trailers/);
});
