import { printable, printableLines } from "../../../provider/mirror/printable";
import { whereIn } from "../../../provider/mirror/where";

test("foreign words become one line, without anything that moves a cursor, and no longer than asked", () => {
  expect(printable("a\u001b[2Kb\nc\u202e")).toBe("a [2Kb c ");
  expect(printable("abcdef", 3)).toBe("abc…");
  expect(printableLines("one\ntwo\u0007")).toBe("one\ntwo ");
});

test("an error says where, with as much of the name as is known", () => {
  const place = { side: "source", repository: "r.example/app" } as const;
  expect(whereIn(place)).toEqual({
    side: "source",
    reference: "r.example/app",
  });
  expect(whereIn(place, "1").reference).toBe("r.example/app:1");
  expect(whereIn(place, "sha256:0").reference).toBe("r.example/app@sha256:0");
});
