import fc from "fast-check";
import { digestOf, parseDigest } from "../../../provider/oci/digest";
import {
  formatReference,
  isTag,
  parseReference,
  repositoryOf,
  type Reference,
} from "../../../provider/oci/reference";
import { malformed, utf8 } from "./malformed";

const digest = digestOf(utf8("{}"));
const hub = { kind: "registry", registry: "docker.io" };

test.each<[string, object]>([
  ["nginx", { ...hub, repository: "library/nginx" }],
  ["nginx:1", { ...hub, repository: "library/nginx", tag: "1" }],
  ["acme/app", { ...hub, repository: "acme/app" }],
  ["docker.io/nginx", { ...hub, repository: "library/nginx" }],
  ["index.docker.io/nginx", { ...hub, repository: "library/nginx" }],
  ["registry-1.docker.io/acme/app", { ...hub, repository: "acme/app" }],
  ["Docker.IO/acme/app", { ...hub, repository: "acme/app" }],
  ["a/b/c", { ...hub, repository: "a/b/c" }],
  ["localhost/x", { kind: "registry", registry: "localhost", repository: "x" }],
  ["reg:5000/x", { kind: "registry", registry: "reg:5000", repository: "x" }],
  [
    "ghcr.io/a/b_c/d__e/f.g/h--i",
    {
      kind: "registry",
      registry: "ghcr.io",
      repository: "a/b_c/d__e/f.g/h--i",
    },
  ],
  [
    "127.0.0.1:5000/x:y",
    { kind: "registry", registry: "127.0.0.1:5000", repository: "x", tag: "y" },
  ],
  [
    "[::1]:5000/x:y",
    { kind: "registry", registry: "[::1]:5000", repository: "x", tag: "y" },
  ],
  ["[::1]/x", { kind: "registry", registry: "[::1]", repository: "x" }],
  [
    "0x7f.1:80/x",
    { kind: "registry", registry: "127.0.0.1:80", repository: "x" },
  ],
  [
    `ghcr.io/a/b@${digest}`,
    { kind: "registry", registry: "ghcr.io", repository: "a/b", digest },
  ],
  [
    `ghcr.io/a/b:c@${digest}`,
    {
      kind: "registry",
      registry: "ghcr.io",
      repository: "a/b",
      tag: "c",
      digest,
    },
  ],
  ["oci:./dir", { kind: "layout", path: "./dir" }],
  ["oci:./dir:1.0", { kind: "layout", path: "./dir", tag: "1.0" }],
  [`oci:/a/b@${digest}`, { kind: "layout", path: "/a/b", digest }],
  [`oci:a:b@${digest}`, { kind: "layout", path: "a", tag: "b", digest }],
  [
    "oci:../with blank/Ünd:x",
    { kind: "layout", path: "../with blank/Ünd", tag: "x" },
  ],
  ["oci:./me@home:1/dir", { kind: "layout", path: "./me@home:1/dir" }],
])("W01, W05: %s is read", (text, reference) => {
  expect(parseReference(text)).toStrictEqual(reference);
});

test.each([
  ["", "nothing"],
  ["Nginx", "upper case"],
  ["ghcr.io/Acme/app", "upper case"],
  ["ghcr.io/a/../b", "two dots"],
  ["ghcr.io/../b", "two dots first"],
  ["ghcr.io/a//b", "two slashes"],
  ["ghcr.io/a%2fb", "an escaped slash"],
  ["ghcr.io/a/b/", "a slash at the end"],
  ["ghcr.io/", "no name"],
  ["/a", "no host"],
  ["ghcr.io/a b", "a blank"],
  [" nginx", "a blank first"],
  ["nginx\n", "a line end"],
  ["ghcr.io/a_-b", "mixed separators"],
  ["ghcr.io/a___b", "three underscores"],
  ["ghcr.io/-a", "a separator first"],
  ["ghcr.io/a.", "a separator last"],
  ["ghcr.io/ä", "a letter beyond ASCII"],
  ["nginx:", "an empty tag"],
  ["nginx:a:b", "two tags"],
  ["nginx:-a", "a tag that begins with a hyphen"],
  ["nginx:1.0+abc", "a plus sign in a tag"],
  [`nginx:${"a".repeat(129)}`, "a tag that is too long"],
  ["nginx@", "an empty digest"],
  ["nginx@sha256:abc", "a short digest"],
  ["nginx@sha256:../../x", "a path for a digest"],
  [`nginx@${digest}@${digest}`, "two digests"],
  [`nginx@${digest}:tag`, "a tag behind the digest"],
  [`g.io/${"a".repeat(251)}`, "256 characters"],
  [`${"a.".repeat(200)}a/x`, "a host of 401 characters"],
  ["-a.io/x", "a host that begins with a hyphen"],
  ["a_b.io/x", "an underscore in a host"],
  ["user@ghcr.io/x", "a user before the host"],
  ["ghcr.io:/x", "an empty port"],
  ["ghcr.io:99999/x", "a port that is too great"],
  ["ghcr.io:5x/x", "a port that is no number"],
  ["[::1/x", "half an address"],
  ["[::zz]/x", "no address"],
  ["[fe80::1%25eth0]/x", "a zone"],
  ["1.2.3.4.5/x", "an address of five parts"],
  ["https://ghcr.io/a/b", "a scheme"],
  ["docker://nginx", "skopeo's scheme"],
  ["oci://ghcr.io/a/b", "Helm's scheme"],
  ["oci:", "no directory"],
  ["oci::tag", "a tag alone"],
  ["oci:a\0b", "a NUL"],
  ["oci:./dir:", "an empty tag of a layout"],
  ["oci:./dir:a:b", "a colon in a directory's name"],
  ["oci:./dir@sha256:../x", "a path for a layout's digest"],
])("W01–W03: %j is refused, before anybody is asked: %s", (text) => {
  expect(malformed(() => parseReference(text)).rule).toBe("reference");
});

test.each([
  ["ghcr.io/Acme/app", "write acme for Acme"],
  ["nginx:1.0+abc", "1.0_abc"],
  ["https://ghcr.io/a", "leave out https://"],
  ["oci://ghcr.io/a", "leave out oci://"],
  ["ghcr.io/a//b", "a name is missing"],
  ["ghcr.io/a%2fb", '"a%2fb" is not a repository name'],
  ["nginx@latest", "after @ stands a digest"],
  ["oci:", "oci:./dir:tag"],
])("the refusal of %s helps: %s", (text, help) => {
  expect(malformed(() => parseReference(text)).message).toContain(help);
});

test("W01: host and name of 255 characters are read", () => {
  const text = `g.io/${"a".repeat(250)}`;
  expect(repositoryOf(parseReference(text))).toBe(text);
});

test("the place is the reference without tag and digest", () => {
  const of = (text: string) => repositoryOf(parseReference(text));
  expect(of(`nginx:1@${digest}`)).toBe("docker.io/library/nginx");
  expect(of("oci:./dir:1")).toBe("oci:./dir");
});

test.each([
  ["a", true],
  ["_", true],
  ["A.b-c_1", true],
  ["a".repeat(128), true],
  ["", false],
  [".a", false],
  ["a+b", false],
  ["a/b", false],
  ["a\n", false],
])("W02: %j is a tag: %s", (text, is) => {
  expect(isTag(text)).toBe(is);
});

test("whatever is written from a reference is read back as the same", () => {
  fc.assert(
    fc.property(references(), (reference) => {
      const text = formatReference(reference);
      expect(parseReference(text)).toEqual(reference);
      expect(formatReference(parseReference(text))).toBe(text);
    }),
  );
});

test("whatever is accepted is written to a text that means the same", () => {
  const unit = fc.constantFrom(..."aZ0.:/@_-[]% ".split(""));
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 14 }), (text) => {
      let read: Reference;
      try {
        read = parseReference(text);
      } catch {
        return;
      }
      expect(parseReference(formatReference(read))).toEqual(read);
    }),
    { numRuns: 3000 },
  );
});

function references(): fc.Arbitrary<Reference> {
  const tag = fc.option(
    fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/),
    { nil: undefined },
  );
  const hashed = fc.option(
    fc.stringMatching(/^sha256:[a-f0-9]{64}$/).map(parseDigest),
    { nil: undefined },
  );
  const segment = fc.stringMatching(
    /^[a-z0-9]{1,9}([._]|__|-{1,3})[a-z0-9]{1,9}$/,
  );
  const registry = fc.record({
    kind: fc.constant("registry" as const),
    registry: fc.constantFrom(
      "ghcr.io",
      "localhost",
      "reg:5000",
      "[::1]:5000",
      "10.0.0.1",
    ),
    repository: fc
      .array(segment, { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join("/")),
    tag,
    digest: hashed,
  });
  const layout = fc.record({
    kind: fc.constant("layout" as const),
    path: fc.stringMatching(/^(\.{0,2}\/)?[A-Za-z0-9 ._-]{1,20}$/),
    tag,
    digest: hashed,
  });
  return fc.oneof(registry, layout);
}
