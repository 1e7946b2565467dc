import fc from "fast-check";
import { redactor } from "../../../provider/hosts/redact";

test.each([
  ["as it is", "hunter2", "password hunter2 was refused"],
  ["in a URL", "p@ss word/1", "https://u:p%40ss%20word%2F1@host/"],
  [
    "in a URL, lower case",
    "p@ss/word",
    "user:p%40ss%2fword@host".toLowerCase(),
  ],
  ["in base64", "hunter2!", Buffer.from("hunter2!").toString("base64")],
  [
    "in a Basic header",
    "hunter2",
    Buffer.from("user:hunter2").toString("base64"),
  ],
  [
    "in a longer Basic header",
    "hunter2",
    Buffer.from("user1:hunter2").toString("base64"),
  ],
  [
    "in a third Basic header",
    "hunter2",
    Buffer.from("user12:hunter2").toString("base64"),
  ],
  [
    "in base64url",
    "~~~???~~~???",
    Buffer.from("~~~???~~~???").toString("base64url"),
  ],
  ["escaped in JSON", 'quo"te\nd', JSON.stringify('quo"te\nd')],
  ["one line of it", "first line 1\nsecond line 2", "saw second line 2 there"],
])("a secret is taken out %s", (_, secret, text) => {
  const redacted = redactor([secret])(text);
  expect(redacted).toContain("[secret]");
  for (const word of [
    secret,
    encodeURIComponent(secret),
    "hunter2",
    "second line",
  ]) {
    expect(redacted).not.toContain(word);
  }
});

test("what is too short to be one stays readable", () => {
  expect(redactor(["abc", ""])("abc and more")).toBe("abc and more");
});

test("the longer of two secrets goes first", () => {
  expect(redactor(["hunter2", "hunter2-and-more"])("hunter2-and-more")).toBe(
    "[secret]",
  );
});

test("no base64 at any offset gives a secret away", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 8, maxLength: 40 }),
      fc.string({ maxLength: 5 }),
      (secret, before) => {
        const header = Buffer.from(`${before}${secret}`).toString("base64");
        expect(redactor([secret])(header)).toContain("[secret]");
      },
    ),
  );
});
