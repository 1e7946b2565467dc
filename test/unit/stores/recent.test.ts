import { Recent } from "../../../provider/stores/registry/memory/recent";

test("the longest unused go first, and what was asked for is used", () => {
  const recent = new Recent<number>(2);
  recent.set("one", 1);
  recent.set("two", 2);
  recent.get("one");
  recent.set("three", 3);
  expect(recent.get("two")).toBeUndefined();
  expect([...recent.values()]).toEqual([1, 3]);
});

test("what is replaced or deleted makes room", () => {
  const recent = new Recent<string>(8, ({ length }) => length);
  recent.set("one", "eight by");
  recent.set("one", "four");
  recent.set("two", "more");
  recent.delete("one");
  recent.delete("never there");
  recent.set("three", "last");
  expect([...recent.values()]).toEqual(["more", "last"]);
});

test("what is larger than the whole is not kept", () => {
  const recent = new Recent<string>(8, ({ length }) => length);
  recent.set("large", "nine byte");
  recent.set("small", "one");
  expect([...recent.values()]).toEqual(["one"]);
});
