import {
  endOfHead,
  framingOf,
  readHead,
  type Framing,
  type Head,
} from "../../../../provider/stores/registry/wire/http1/head";

const read = (...lines: readonly string[]): Head =>
  readHead(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));

function framing(lines: readonly string[], method: "GET" | "HEAD"): Framing {
  return framingOf(read("HTTP/1.1 200 OK", ...lines), method);
}

test("a head is read: names in lower case, values without the space around them, repeated ones all", () => {
  const head = read(
    "HTTP/1.1 200 OK",
    "Content-Type:  text/plain \t",
    "WWW-Authenticate: Bearer a",
    "www-authenticate: Basic b",
    "Www-Authenticate: c",
    "X-Empty:",
    "__proto__: x",
  );
  expect(head.status).toBe(200);
  expect(head.isKeptAlive).toBe(true);
  expect(Object.entries(head.headers)).toEqual([
    ["content-type", "text/plain"],
    ["www-authenticate", ["Bearer a", "Basic b", "c"]],
    ["x-empty", ""],
    ["__proto__", "x"],
  ]);
});

test.each([
  ["HTTP/1.1 204", true],
  ["HTTP/1.1 204 ", true],
  ["HTTP/1.0 200 OK", false],
])("%j is a status line", (line, isKeptAlive) => {
  expect(read(line).isKeptAlive).toBe(isKeptAlive);
});

test("`connection: close` ends the connection, in a list and in capitals too", () => {
  for (const value of ["close", "Close", "x, close", "close, x"])
    expect(read("HTTP/1.1 200 OK", `Connection: ${value}`).isKeptAlive).toBe(
      false,
    );
  expect(read("HTTP/1.1 200 OK", "Connection: closed").isKeptAlive).toBe(true);
});

test.each([
  "HTTP/2 200 OK",
  "HTTP/1.1  200 OK",
  "HTTP/1.1 20 OK",
  "HTTP/1.1 2000 OK",
  "HTTP/1.1 600 OK",
  "HTTP/1.1 099 OK",
  "http/1.1 200 OK",
  " HTTP/1.1 200 OK",
  "HTTP/1.1 200 O\u0000K",
  "HTTP/1.1 200 OK\rX: y",
  "HTTP/1.1 200 OK\nX: y",
  "ICY 200 OK",
  "",
])("N50: %j is no status line", (line) => {
  expect(() => read(line)).toThrow(/status line/);
});

test.each([
  ["an obs-fold", [" folded"]],
  ["an obs-fold by tab", ["\tfolded"]],
  ["a space before the colon", ["content-length : 1"]],
  ["no colon", ["content-length"]],
  ["no name", [": x"]],
  ["a bare LF", ["a: b\nc: d"]],
  ["a bare CR", ["a: b\rc: d"]],
  ["a NUL", ["a: b\u0000"]],
  ["a control character", ["a: b\u007f"]],
  ["a name that is no token", ["a b: c"]],
])("N50: %s in a header is refused", (_, lines) => {
  expect(() => read("HTTP/1.1 200 OK", "x: y", ...lines)).toThrow(/no header/);
});

test("N28: more than 200 headers are refused", () => {
  const many = Array.from({ length: 200 }, (_, at) => `x-${at}: y`);
  expect(() => read("HTTP/1.1 200 OK", ...many)).toThrow(/200 headers/);
});

test.each([
  [
    "a length and a coding",
    ["content-length: 1", "transfer-encoding: chunked"],
  ],
  ["two lengths", ["content-length: 1", "content-length: 2"]],
  ["the same length twice", ["content-length: 1", "content-length: 1"]],
  ["two lengths in one header", ["content-length: 1, 1"]],
  ["a signed length", ["content-length: +1"]],
  ["a negative length", ["content-length: -1"]],
  ["a length in hex", ["content-length: 0x10"]],
  ["a length with a fraction", ["content-length: 1.0"]],
  ["an empty length", ["content-length: "]],
  ["a length beyond all bounds", ["content-length: 1234567890123456"]],
  ["a coding behind another", ["transfer-encoding: gzip, chunked"]],
  ["chunked twice", ["transfer-encoding: chunked, chunked"]],
  [
    "codings in two headers",
    ["transfer-encoding: chunked", "transfer-encoding: identity"],
  ],
  ["an unknown coding", ["transfer-encoding: xchunked"]],
])("N50: %s is refused, whatever was asked", (_, lines) => {
  expect(() => framing(lines, "GET")).toThrow(/content-length|transfer-enc/);
  expect(() => framing(lines, "HEAD")).toThrow(/content-length|transfer-enc/);
});

test("N50: a coding in HTTP/1.0 is refused", () => {
  expect(() => read("HTTP/1.0 200 OK", "transfer-encoding: chunked")).toThrow(
    /HTTP\/1\.0/,
  );
});

test.each<[string, readonly string[], "GET" | "HEAD", Framing]>([
  ["a length", ["content-length: 7"], "GET", { kind: "length", bytes: 7 }],
  ["a coding", ["transfer-encoding: Chunked"], "GET", { kind: "chunked" }],
  ["neither", [], "GET", { kind: "close" }],
  ["a HEAD", ["content-length: 7"], "HEAD", { kind: "length", bytes: 0 }],
  [
    "a HEAD with a coding",
    ["transfer-encoding: chunked"],
    "HEAD",
    { kind: "length", bytes: 0 },
  ],
])("the body's end by %s", (_, lines, method, expected) => {
  expect(framing(lines, method)).toEqual(expected);
});

test("204 and 304 have no body, whatever they say", () => {
  for (const status of [204, 304])
    expect(
      framingOf(read(`HTTP/1.1 ${status} x`, "content-length: 7"), "GET"),
    ).toEqual({ kind: "length", bytes: 0 });
});

test("the end of a head is where its blank line ends", () => {
  expect(endOfHead(Buffer.from("a\r\nb\r\n\r\nbody"))).toBe(8);
  expect(endOfHead(Buffer.from("a\r\nb\r\n\r"))).toBeUndefined();
  expect(endOfHead(Buffer.from("a\n\nb"))).toBeUndefined();
});
