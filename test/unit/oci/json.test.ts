import fc from "fast-check";
import {
  asArray,
  asObject,
  asString,
  defined,
  integer,
  optional,
  optionalString,
  readJson,
  refuseMiscased,
  requiredString,
  stringList,
  stringMap,
} from "../../../provider/oci/json";
import { foldCase } from "../../../provider/oci/jsonScanner";
import { malformed, utf8 } from "./malformed";

const refusal = (text: string | Uint8Array, options = {}) =>
  malformed(() =>
    readJson(typeof text === "string" ? utf8(text) : text, options),
  );

test.each([
  ["the same key twice", '{"layers":[],"layers":[1]}'],
  ["the same key twice, once escaped", '{"layers":[],"l\\u0061yers":[1]}'],
  ["keys that differ in case", '{"layers":[],"Layers":[1]}'],
  ["the long s for an s", '{"layers":[],"layer\u017f":[1]}'],
  ["the Kelvin sign for a k", '{"kind":1,"\u212aind":2}'],
  ["keys that differ in case beyond ASCII", '{"straße":1,"STRAẞE":2}'],
  ["the same key twice, further in", '[{"a":{"subject":1,"Subject":2}}]'],
  ["__proto__ twice", '{"__proto__":1,"__proto__":2}'],
])("%s is refused (N21–N23)", (_, text) => {
  expect(refusal(text).rule).toBe("json");
  expect(refusal(text).message).toMatch(/stands .* in one object/);
});

test.each([
  ["a byte order mark", Buffer.from("\ufeff{}")],
  ["a byte that is not UTF-8", Buffer.from([0x22, 0xff, 0x22])],
  ["an overlong slash", Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
  ["UTF-8 of a surrogate", Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ["a cut character", Buffer.from([0x22, 0xe2, 0x82, 0x22])],
  ["UTF-16", Buffer.from("{}", "utf16le")],
])("%s is refused (N60)", (_, bytes) => {
  expect(refusal(bytes).rule).toBe("json");
});

test.each([
  ["NUL, escaped", '"a\\u0000"'],
  ["NUL, raw", '"a\0"'],
  ["a NUL in a key", '{"\\u0000":1}'],
  ["a lone high surrogate", '"\\ud800"'],
  ["a lone low surrogate", '"\\udc00x"'],
  ["surrogates in the wrong order", '"\\udc00\\ud800"'],
])("a string with %s is refused (N60)", (_, text) => {
  expect(refusal(text).rule).toBe("json");
});

test.each([
  ["nothing", ""],
  ["only blanks", " \n"],
  ["two values", "{} {}"],
  ["text behind it", "[]x"],
  ["a comma too many in an array", "[1,]"],
  ["a comma too many in an object", '{"a":1,}'],
  ["an array that does not end", "[1"],
  ["an object that does not end", '{"a":1'],
  ["a string that does not end", '"abc'],
  ["a string that ends in an escape", '"abc\\'],
  ["a key without quotes", "{a:1}"],
  ["a key without a value", '{"a"}'],
  ["single quotes", "'a'"],
  ["an unknown escape", '"\\x41"'],
  ["half an escape", '"\\u00"'],
  ["a line end in a string", '"a\nb"'],
  ["a comment", "[/* */]"],
  ["a word", "nul"],
  ["an upper-case word", "True"],
  ["NaN", "NaN"],
  ["a plus sign", "+1"],
  ["a leading zero", "01"],
  ["a bare point", "1."],
  ["a bare exponent", "1e"],
  ["a lone minus", "-"],
  ["a number without end", "1e999"],
  ["a blank that JSON does not know", "[1,\u00a02]"],
])("%s is not JSON", (_, text) => {
  expect(refusal(text).rule).toBe("json");
});

test.each([
  ["null", null],
  ["true", true],
  ["false", false],
  [" [ ] ", []],
  ["[1 , -2.5e+1, 0]", [1, -25, 0]],
  ['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"', '"\\/\b\f\n\r\té😀'],
  ['"😀\u2028\ufffd"', "😀\u2028\ufffd"],
])("%j is read", (text, value) => {
  expect(readJson(utf8(text))).toEqual(value);
});

test("keys of Object's prototype are members like others (N59)", () => {
  const text = '{"__proto__":{"x":1},"constructor":2,"toString":3}';
  const object = asObject(readJson(utf8(text)), "doc");
  expect(Object.keys(object)).toEqual(["__proto__", "constructor", "toString"]);
  expect(Object.getPrototypeOf(object)).toBeNull();
  expect(({} as { x?: unknown }).x).toBeUndefined();
  const plain = asObject(readJson(utf8("{}")), "doc");
  expect(optional(plain, "constructor")).toBeUndefined();
});

test("T34: sixteen levels are read, seventeen are refused, and the bound can be moved", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  expect(() => readJson(utf8(nested(16)))).not.toThrow();
  expect(refusal(nested(17)).message).toContain("deeper than 16");
  expect(refusal('{"a":{}}', { maxDepth: 1 }).rule).toBe("json");
  expect(() =>
    readJson(utf8('[{"a":[]},{"b":[]}]'), { maxDepth: 3 }),
  ).not.toThrow();
  expect(refusal(nested(1_000_000)).message).toContain("deeper than 16");
});

test("members and elements are counted together", () => {
  const text = '{"a":[1,2],"b":3}';
  expect(() => readJson(utf8(text), { maxItems: 4 })).not.toThrow();
  expect(refusal(text, { maxItems: 3 }).message).toContain("more than 3");
});

test.each(["1e3", "1.0", "-0", "0.5", "1E0", "9007199254740992"])(
  "%s is refused where only whole numbers are plain",
  (text) => {
    expect(refusal(text, { integersOnly: true }).rule).toBe("json");
    expect(readJson(utf8(text))).toBe(JSON.parse(text));
  },
);

test.each(["0", "1", "-1", "9007199254740991"])(
  "%s is plain where only whole numbers are",
  (text) => {
    expect(readJson(utf8(text), { integersOnly: true })).toBe(Number(text));
  },
);

test("a string of eight million characters is read", () => {
  const long = "x\\n".repeat(4_000_000);
  expect(readJson(utf8(`"${long}"`))).toHaveLength(8_000_000);
});

test("what JSON.parse reads from a document with unlike keys is what we read", () => {
  fc.assert(
    fc.property(document(), fc.constantFrom(undefined, 1, "\t"), (value, gap) =>
      expect(readJson(utf8(JSON.stringify(value, null, gap)))).toEqual(value),
    ),
  );
});

test("what we read is what JSON.parse reads, whatever the text; else both refuse, or only we", () => {
  const characters = fc.constantFrom(...'{}[]",:\\u0e1-. \n"ta'.split(""));
  const text = fc.string({ unit: characters, maxLength: 12 });
  fc.assert(
    fc.property(text, (candidate) => {
      let ours: unknown;
      try {
        ours = readJson(utf8(candidate));
      } catch {
        return;
      }
      expect(ours).toEqual(JSON.parse(candidate));
    }),
    { numRuns: 3000 },
  );
});

test("keys that a case-insensitive match takes for one another fold to the same", () => {
  const missed: string[] = [];
  for (let code = 0x41; code < 0xffff; code += 1) {
    const character = String.fromCharCode(code);
    for (const like of [character.toLowerCase(), character.toUpperCase()]) {
      if (foldCase(like) !== foldCase(character)) missed.push(character);
    }
  }
  expect(missed).toEqual([]);
});

test("readers name the place and take nothing of another type", () => {
  const wrong = [
    () => asObject(null, "a.b"),
    () => asObject([], "a.b"),
    () => asObject("x", "a.b"),
    () => asObject(undefined, "a.b"),
    () => asArray({}, "a.b"),
    () => asString(1, "a.b"),
    () => requiredString({}, "b", "a"),
    () => optionalString({ b: 1 }, "b", "a"),
    () => stringList({}, "a.b"),
    () => stringMap([], "a.b"),
  ];
  for (const read of wrong) {
    expect(malformed(read).rule).toBe("json");
    expect(malformed(read).message).toMatch(/^a\.b must be/);
  }
  expect(malformed(() => stringList(["x", 1], "a")).message).toMatch(/^a\[1\]/);
  expect(malformed(() => stringMap({ k: null }, "a")).message).toMatch(
    /^a\["k"\]/,
  );
});

test("readers give what they are asked for", () => {
  expect(asObject({ a: 1 }, "x")).toEqual({ a: 1 });
  expect(asArray([1], "x")).toEqual([1]);
  expect(requiredString({ a: "" }, "a", "x")).toBe("");
  expect(optionalString({ a: "y" }, "a", "x")).toBe("y");
  expect(optionalString({}, "a", "x")).toBeUndefined();
  expect(optionalString({ a: null }, "a", "x")).toBeUndefined();
  expect(optional({ a: false }, "a")).toBe(false);
  expect(stringList(["a"], "x")).toEqual(["a"]);
  const map = stringMap(readJson(utf8('{"__proto__":"y"}')), "x");
  expect(Object.entries(map)).toEqual([["__proto__", "y"]]);
});

test.each([[1.5], [-1], [-0], [2 ** 53], ["5"], [null], [undefined], [NaN]])(
  "%p is not a size (N29)",
  (value) => {
    expect(malformed(() => integer(value, "size")).rule).toBe("json");
  },
);

test.each([0, 1, 2 ** 53 - 1])("%p is a size", (value) => {
  expect(integer(value, "size")).toBe(value);
});

test("a known key in another case is refused even alone, an unknown one is not looked at", () => {
  const known = ["layers", "os.version"];
  const refused = (key: string) =>
    malformed(() => refuseMiscased({ [key]: 1 }, known, "manifest"));
  expect(refused("Layers").message).toContain('"Layers"');
  expect(refused("layer\u017f").rule).toBe("json");
  expect(refused("OS.Version").rule).toBe("json");
  expect(() =>
    refuseMiscased({ layers: 1, Other: 2 }, known, "manifest"),
  ).not.toThrow();
});

test("members that are undefined are left out, others are kept", () => {
  const parts = { a: undefined, b: null, c: 0 };
  expect(Object.entries(defined(parts))).toEqual([
    ["b", null],
    ["c", 0],
  ]);
  expect("a" in parts).toBe(true);
});

/** Documents without NUL, and without keys that fold to the same. */
function document(): fc.Arbitrary<unknown> {
  const text = fc
    .string({ unit: "binary" })
    .map((value) => value.replaceAll("\0", ""));
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, depthSize: "small" },
      fc.constantFrom(null, true, false),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      text,
      fc.array(tie("value"), { maxLength: 4 }),
      fc
        .uniqueArray(fc.tuple(text, tie("value")), {
          maxLength: 4,
          selector: ([key]) => foldCase(key),
        })
        .map((entries) => Object.fromEntries(entries)),
    ),
  })).value;
}
