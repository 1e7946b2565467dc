import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import {
  encodeValues,
  hasSecret,
  type Marked,
  type MarkedValues,
  overlayValues,
  plainValues,
  Secret,
  secretTexts,
} from "../../../provider/hosts/marked";
import { fromStruct, toStruct } from "../../../provider/hosts/plugin/wire";
import { unknown } from "../../../provider/mirror/lifecycle";

const envelope = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";
const outputMark = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const resourceMark = "5cf8f73096256a8f31e491e813e4eb8e";
const sentinels = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
];

function onTheWire(values: object): MarkedValues {
  const struct = Struct.fromJavaScript(JSON.parse(JSON.stringify(values)));
  return fromStruct(Struct.deserializeBinary(struct.serializeBinary()));
}

describe("what comes in", () => {
  test.each(sentinels)("%s is unknown, at every depth", (sentinel) => {
    expect(onTheWire({ a: sentinel, b: [{ c: sentinel }] })).toEqual({
      a: unknown,
      b: [{ c: unknown }],
    });
  });

  test("null is absent", () => {
    expect(onTheWire({ a: null, b: [null, 1] })).toEqual({
      a: undefined,
      b: [undefined, 1],
    });
  });

  test("a secret is marked where it stands, and its value is plain", () => {
    const values = onTheWire({
      policy: {
        signedBy: [{ [envelope]: secretMark, value: { key: "pem!" } }],
      },
    });
    expect(values).toEqual({
      policy: { signedBy: [new Secret({ key: "pem!" })] },
    });
    expect(plainValues(values)).toEqual({
      policy: { signedBy: [{ key: "pem!" }] },
    });
    expect(hasSecret(values["policy"])).toBe(true);
    expect(secretTexts(values)).toEqual(["pem!"]);
  });

  test.each([
    ["known", { value: "v" }, "v"],
    ["unknown", {}, unknown],
    ["secret", { value: "v", secret: true }, new Secret("v")],
    ["secret and unknown", { secret: true }, new Secret(unknown)],
  ])("an output value that is %s", (_, output, expected) => {
    const wire = { [envelope]: outputMark, dependencies: ["urn:x"], ...output };
    expect(onTheWire({ wire })).toEqual({ wire: expected });
  });

  test.each([
    ["its id", { urn: "urn:r", id: "the-id" }, "the-id"],
    ["its URN without an id", { urn: "urn:r" }, "urn:r"],
    ["unknown while its id is", { urn: "urn:r", id: sentinels[0] }, unknown],
  ])("a resource is %s", (_, reference, expected) => {
    const wire = { [envelope]: resourceMark, ...reference };
    expect(onTheWire({ wire })).toEqual({ wire: expected });
  });

  test("a member named like a prototype's own is only a member", () => {
    const struct = Struct.fromJavaScript({ constructor: "c", toString: "s" });
    expect(Object.entries(fromStruct(struct))).toEqual([
      ["constructor", "c"],
      ["toString", "s"],
    ]);
  });
});

const leaf: fc.Arbitrary<Marked> = fc.oneof(
  fc.string({ unit: "grapheme" }).filter((text) => !sentinels.includes(text)),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(unknown),
);
const name = fc
  .string({ minLength: 1 })
  .filter((text) => text !== "__proto__" && text !== envelope);
const { marked } = fc.letrec<{ marked: Marked }>((tie) => ({
  marked: fc.oneof(
    { depthSize: "small" },
    leaf,
    tie("marked").map((value) => new Secret(value)),
    fc.array(tie("marked"), { maxLength: 3 }),
    fc.dictionary(name, tie("marked"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const values = fc.dictionary(name, marked, { noNullPrototype: true });

describe("what goes out", () => {
  test("comes back as it was", () => {
    fc.assert(
      fc.property(values, (sent) => {
        const bytes = toStruct(sent).serializeBinary();
        expect(fromStruct(Struct.deserializeBinary(bytes))).toEqual(sent);
      }),
    );
  });

  test("absent members are left out, a hole in a list is null", () => {
    expect(
      encodeValues({ a: undefined, b: [undefined, { c: undefined }] }),
    ).toEqual({
      b: [null, {}],
    });
  });

  test.each<[string, unknown]>([
    ["NaN", { deep: [NaN] }],
    ["infinity", Infinity],
    ["half a surrogate pair", "\ud800"],
    ["a bigint", 1n],
    ["a function", () => 1],
    ["a foreign symbol", Symbol("x")],
    ["a Date", new Date(0)],
    ["a Map", new Map()],
    ["a reserved name", Object.fromEntries([["__proto__", 1]])],
  ])("%s cannot be carried, and the error says where", (_, value) => {
    // what the types forbid, plain JavaScript may still bring
    const values = JSON.parse("{}");
    values.here = value;
    expect(() => toStruct(values)).toThrow(/could not hand here/);
  });
});

describe("what Check lays over the inputs", () => {
  test("an addition leaves every envelope in its place", () => {
    const inputs = {
      token: new Secret("t"),
      policy: { key: new Secret("k"), n: 1 },
    };
    expect(overlayValues(inputs, { digest: "d", policy: { n: 2 } })).toEqual({
      token: new Secret("t"),
      policy: { key: new Secret("k"), n: 2 },
      digest: "d",
    });
  });

  test("a changed secret stays a secret", () => {
    const inputs = {
      source: new Secret("nginx"),
      list: [new Secret("a"), "b"],
    };
    expect(
      overlayValues(inputs, {
        source: "docker.io/library/nginx",
        list: ["A", "b"],
      }),
    ).toEqual({
      source: new Secret("docker.io/library/nginx"),
      list: [new Secret("A"), "b"],
    });
  });

  test("a list of another length is secret as a whole where one item was", () => {
    expect(
      overlayValues({ list: [new Secret("a"), "b"] }, { list: ["a"] }),
    ).toEqual({ list: new Secret(["a"]) });
  });

  test("laying a value over itself changes nothing", () => {
    fc.assert(
      fc.property(values, (inputs) => {
        expect(overlayValues(inputs, plainValues(inputs))).toEqual(inputs);
      }),
    );
  });
});
