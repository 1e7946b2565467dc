import { hide } from "../../../provider/mirror/hide";

test.each([
  ["one secret, wherever it stands", "s3cret and s3cret", ["s3cret"]],
  ["one that holds another", "… is s3cret-long", ["s3cret", "s3cret-long"]],
  ["one that stands twice in the list", "s3cret", ["s3cret", "s3cret"]],
])("a text is shown without %s", (_, text, secrets) => {
  expect(hide(text, new Set(secrets))).not.toContain("s3cret");
  expect(hide(text, secrets)).not.toContain("-long");
});

test("what is shorter than four characters stands in any text, and stays", () => {
  expect(hide("the cat", ["the", ""])).toBe("the cat");
});
