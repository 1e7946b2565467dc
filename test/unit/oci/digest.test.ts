import { createHash } from "node:crypto";
import {
  algorithmOf,
  cosignTag,
  digestOf,
  hasher,
  hexOf,
  isDigest,
  parseDigest,
  referrersTag,
} from "../../../provider/oci/digest";
import { isTag } from "../../../provider/oci/reference";
import { malformed, utf8 } from "./malformed";

const hex64 = "0123456789abcdef".repeat(4);
const hex128 = hex64 + hex64;

test.each([`sha256:${hex64}`, `sha512:${hex128}`])(
  "W03: %s is a digest and is kept as it is written",
  (text) => {
    expect(isDigest(text)).toBe(true);
    expect(parseDigest(text)).toBe(text);
  },
);

test.each([
  ["a path in place of the digits", "sha256:../../../x"],
  ["no digits", "sha256:"],
  ["upper-case digits", `sha256:${hex64.toUpperCase()}`],
  ["an upper-case algorithm", `SHA256:${hex64}`],
  ["63 digits", `sha256:${hex64.slice(1)}`],
  ["65 digits", `sha256:${hex64}0`],
  ["a line end behind it", `sha256:${hex64}\n`],
  ["a blank before it", ` sha256:${hex64}`],
  ["sha512 with the length of sha256", `sha512:${hex64}`],
  ["an unknown algorithm", `md5:${hex64.slice(32)}`],
  ["no algorithm", hex64],
  ["nothing", ""],
])("W03, N26: a digest with %s is refused", (_, text) => {
  expect(isDigest(text)).toBe(false);
  expect(malformed(() => parseDigest(text)).rule).toBe("digest");
});

test("a refused digest is named in the message, but not at any length", () => {
  expect(malformed(() => parseDigest("md5:aa")).message).toContain('"md5:aa"');
  const long = malformed(() => parseDigest("x".repeat(100_000))).message;
  expect(long.length).toBeLessThan(400);
});

test("a digest is taken apart into algorithm and digits", () => {
  const short = parseDigest(`sha256:${hex64}`);
  const long = parseDigest(`sha512:${hex128}`);
  expect([algorithmOf(short), hexOf(short)]).toEqual(["sha256", hex64]);
  expect([algorithmOf(long), hexOf(long)]).toEqual(["sha512", hex128]);
});

test("the digest of bytes is sha256 unless sha512 is asked for", () => {
  const bytes = utf8("{}");
  expect(digestOf(bytes)).toBe(
    "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
  );
  expect(digestOf(bytes, "sha512")).toBe(
    `sha512:${createHash("sha512").update(bytes).digest("hex")}`,
  );
});

test("a running hash gives the same digest however the bytes are cut", () => {
  const hash = hasher("sha256");
  hash.update(utf8("{"));
  hash.update(utf8(""));
  hash.update(utf8("}"));
  expect(hash.digest()).toBe(digestOf(utf8("{}")));
});

test("the referrers tag cuts the digits to 64 and is always a tag (W107)", () => {
  const short = referrersTag(parseDigest(`sha256:${hex64}`));
  const long = referrersTag(parseDigest(`sha512:${hex128}`));
  expect(short).toBe(`sha256-${hex64}`);
  expect(long).toBe(`sha512-${hex64}`);
  expect([short, long].every(isTag)).toBe(true);
});

test.each(["sig", "att", "sbom"] as const)(
  "cosign's tag for .%s holds the whole digest",
  (suffix) => {
    const tag = cosignTag(parseDigest(`sha256:${hex64}`), suffix);
    expect(tag).toBe(`sha256-${hex64}.${suffix}`);
    expect(isTag(tag)).toBe(true);
  },
);
