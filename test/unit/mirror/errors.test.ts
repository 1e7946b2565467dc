import { MirrorError } from "../../../provider/mirror/errors";

const parts = {
  fault: "invalid",
  code: "CREDENTIALS",
  what: "could not read credentials from a helper",
  why: "it is not found in PATH",
  remedy: "install it",
} as const;

test("an error that knows no place is told of one: the side and the reference stand in its message", () => {
  const where = { side: "source", reference: "reg.example/a:1" } as const;
  const told = new MirrorError(parts).at(where);
  expect(told).toMatchObject({ code: "CREDENTIALS", where });
  expect(told.message).toBe(
    "could not read credentials from a helper: source reg.example/a:1: it is not found in PATH; install it",
  );
});

test("an error that knows its place stays there", () => {
  const error = new MirrorError({ ...parts, where: { reference: "h/a:1" } });
  expect(error.at({ reference: "h/b:1" })).toBe(error);
});

test("what it comes to stands below, a safe line each", () => {
  const lines = ["1.0: gone", "1.1: two\nlines"];
  expect(new MirrorError({ ...parts, lines }).message).toBe(
    "could not read credentials from a helper: it is not found in PATH; install it\n  1.0: gone\n  1.1: two lines",
  );
});
