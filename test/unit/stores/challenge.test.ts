import fc from "fast-check";
import { parseChallenges } from "../../../provider/stores/registry/login/challenge";

function read(header: string | readonly string[] | undefined): unknown {
  return parseChallenges(header).map(({ scheme, parameters }) => [
    scheme,
    Object.fromEntries(parameters),
  ]);
}

describe("W20: WWW-Authenticate is read as RFC 9110 has it", () => {
  test.each([
    ["nothing", undefined, []],
    ["an empty line", "", []],
    ["a scheme alone", "Negotiate", [["negotiate", {}]]],
    ["Basic", 'Basic realm="a"', [["basic", { realm: "a" }]]],
    ["any case", 'bEaReR ReAlM="a"', [["bearer", { realm: "a" }]]],
    [
      "any order",
      'Bearer service="s",scope="x",realm="r"',
      [["bearer", { service: "s", scope: "x", realm: "r" }]],
    ],
    [
      "a comma inside quotes",
      'Bearer scope="repository:a:pull,push",realm="r"',
      [["bearer", { scope: "repository:a:pull,push", realm: "r" }]],
    ],
    [
      "an escaped quote",
      'Basic realm="a\\"b\\\\c"',
      [["basic", { realm: 'a"b\\c' }]],
    ],
    [
      "unquoted values",
      "Bearer realm=https://a/t,service=s",
      [["bearer", { realm: "https://a/t", service: "s" }]],
    ],
    [
      "spaces around = and ,",
      'Bearer realm = "r" ,  service = "s"',
      [["bearer", { realm: "r", service: "s" }]],
    ],
    [
      "empty list elements",
      ', ,Bearer realm="r",,service="s",',
      [["bearer", { realm: "r", service: "s" }]],
    ],
    [
      "two challenges in one line",
      'Bearer realm="r",service="s",scope="*",Basic realm="b"',
      [
        ["bearer", { realm: "r", service: "s", scope: "*" }],
        ["basic", { realm: "b" }],
      ],
    ],
    [
      "two lines",
      ['Basic realm="b"', 'Bearer realm="r"'],
      [
        ["basic", { realm: "b" }],
        ["bearer", { realm: "r" }],
      ],
    ],
    [
      "a token68 and a next challenge",
      'Negotiate YWJj==, Basic realm="b"',
      [
        ["negotiate", {}],
        ["basic", { realm: "b" }],
      ],
    ],
    [
      "a scheme without parameters before another one",
      'Negotiate, Bearer realm="r"',
      [
        ["negotiate", {}],
        ["bearer", { realm: "r" }],
      ],
    ],
    [
      "a parameter twice: the first counts",
      'Bearer realm="r",realm="evil"',
      [["bearer", { realm: "r" }]],
    ],
    [
      "a quote that never ends",
      'Bearer service="s",realm="r',
      [["bearer", { service: "s" }]],
    ],
    [
      "an equals sign inside a value",
      'Bearer realm="https://a/t?x=y"',
      [["bearer", { realm: "https://a/t?x=y" }]],
    ],
  ])("%s", (_, header, expected) => {
    expect(read(header)).toEqual(expected);
  });

  test("whatever comes, it ends and does not throw", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) =>
        Array.isArray(parseChallenges(`Bearer ${text}`)),
      ),
    );
  });

  test("what is written is read back", () => {
    const value = fc.stringMatching(/^[\x20-\x7e]{0,40}$/);
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(
        fc.dictionary(name, value, { minKeys: 1, maxKeys: 5 }),
        (parameters) => {
          const written = Object.entries(parameters).map(
            ([key, text]) => `${key}="${text.replace(/["\\]/g, "\\$&")}"`,
          );
          expect(
            Object.fromEntries(
              parseChallenges(`Bearer ${written.join(", ")}`)[0]?.parameters ??
                [],
            ),
          ).toEqual({ ...parameters });
        },
      ),
    );
  });
});
