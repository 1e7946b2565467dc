import fc from "fast-check";
import type { Authenticated } from "../../../provider/mirror/ports";
import type { Json } from "../../../provider/oci/json";
import { wrongProvenance } from "../../../provider/verifiers/requirements/provenance/check";
import { readSourceUri } from "../../../provider/verifiers/requirements/provenance/sourceUri";
import {
  isRefInRange,
  problemOfRange,
} from "../../../provider/verifiers/requirements/provenance/version";
import { provenanceTypes } from "../../../provider/verifiers/requirements/provenance/read";
import {
  github,
  generated,
  githubIssuer,
  provenanceWith,
  ref,
  repository,
  workflow,
} from "./provenances";

/** As an authority would hand it over; what is in it does not matter to what is tested. */
const vouchedFor = (predicateType: string, predicate: Json) =>
  ({
    statement: { type: "", subjects: [], predicateType, predicate },
    signer: { issuer: githubIssuer, identity: workflow },
    times: [],
  }) as unknown as Authenticated;

describe("a source URI", () => {
  test.each([
    ["https://github.com/acme/app", "https://github.com/acme/app", undefined],
    [
      "git+https://github.com/acme/app@refs/tags/v1",
      "https://github.com/acme/app",
      "refs/tags/v1",
    ],
    [
      "git+https://github.com/acme/app.git@a@b",
      "https://github.com/acme/app",
      "a@b",
    ],
    [
      "https://GITHUB.com:443/Acme/App.git#main:sub",
      "https://github.com/Acme/App",
      "main",
    ],
    [
      "https://gitlab.com/group/sub/app",
      "https://gitlab.com/group/sub/app",
      undefined,
    ],
    ["github.com/acme/app/", "https://github.com/acme/app", undefined],
    [
      "ssh://git.example:2222/acme/app",
      "ssh://git.example:2222/acme/app",
      undefined,
    ],
  ])("%s is read", (text, wanted, ref) => {
    expect(readSourceUri(text)).toEqual({
      repository: wanted,
      ...(ref !== undefined && { ref }),
    });
  });

  test.each([
    "",
    "https://",
    "https://github.com",
    "https://github.com/",
    "https:///acme/app",
    "https://me@github.com/acme/app",
    "https://github.com@evil.example/acme/app",
    "git@github.com:acme/app.git",
    "https://github.com/acme/../evil/app",
    "https://github.com/./acme/app",
    "https://github.com/acme//app",
    "https://github.com/acme/%2e%2e/app",
    "https://github.com/acme\\app",
    "https://github.com/acme/app?x",
    "https://github.com/acme/app ",
    "https://github.com/acme/app\n",
    "https://github.com/acme/аpp",
    "file:///acme/app",
    "pkg:docker/alpine@3",
    "git+git+https://github.com/acme/app",
    "https://https://github.com/acme/app",
    "https://github.com/acme/app@/../evil",
    "https://github.com/acme/app@refs/heads/../evil",
    "https://github.com/acme/app@refs/heads/.x",
    "https://github.com/acme/app#refs/heads/a b:x",
  ])("T32: %j is none", (text) => {
    expect(readSourceUri(text)).toBeUndefined();
  });

  test("that was read is read the same again", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_.~+@#:/%-]{0,30}$/);
    fc.assert(
      fc.property(word, (rest) => {
        const once = readSourceUri(`https://github.com/${rest}`);
        if (!once) return;
        expect(readSourceUri(once.repository)).toEqual({
          repository: once.repository,
        });
        expect(new URL(once.repository).href).toBe(once.repository);
      }),
    );
  });
});

describe("a ref", () => {
  test.each([
    ["refs/tags/v1.4.2", "^1.4.0", true],
    ["refs/tags/1.4.2", "1", true],
    ["refs/tags/v14", "14.0", true],
    ["refs/tags/v14.2", "14.2.1", false],
    ["refs/tags/v1.4.2+build", "1.4.2", true],
    ["refs/tags/v1.4.2-rc.1", "1", false],
    ["refs/tags/v1.4.2-rc.1", ">=1.4.2-rc.0", true],
    ["refs/tags/app/v1.4.2", "1", false],
    ["refs/heads/v1.4.2", "1", false],
    ["v1.4.2", "1", false],
    ["refs/tags/v1.4.2.3", "1", false],
    ["refs/tags/vv1.4.2", "1", false],
    ["refs/tags/v1.4.2\n", "1", false],
    ["refs/tags/v01.4.2", "1", false],
    ["refs/tags/", "1", false],
  ])("%j in %s: %s", (ref, range, isIn) => {
    expect(problemOfRange(range)).toBeUndefined();
    expect(isRefInRange(ref, range)).toBe(isIn);
  });
});

test("T32: a source that cannot be read has not the wanted ref, whatever the others have", () => {
  const { predicateType } = github;
  const wrong = (uri: string) => {
    const { predicate } = provenanceWith(github, ({ buildDefinition }) => {
      buildDefinition.resolvedDependencies[0].uri = uri;
    });
    const piece = vouchedFor(predicateType, predicate as Json);
    return wrongProvenance(piece, { sourceRef: ref });
  };
  expect(wrong(`git+${repository}@${ref}`)).toBeUndefined();
  expect(wrong("git+https://me@github.com/acme/app@refs/heads/x")).toMatch(
    /^its source is "git\+https:\/\/me@/,
  );
});

describe("provenance of any shape", () => {
  const wanted = { builderId: workflow, sourceUri: repository };
  const anyJson = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

  test("never passes, and never throws", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(provenanceTypes)),
        anyJson,
        (type, json) => {
          expect(typeof wrongProvenance(vouchedFor(type, json), wanted)).toBe(
            "string",
          );
        },
      ),
    );
  });

  test.each([github, generated])(
    "with one member replaced passes only where the member says nothing",
    ({ predicateType, predicate }) => {
      const members = pathsIn(predicate);
      fc.assert(
        fc.property(fc.constantFrom(...members), anyJson, (path, json) => {
          const other = replaced(predicate as Json, path, json);
          const answer = wrongProvenance(
            vouchedFor(predicateType, other),
            wanted,
          );
          expect(["string", "undefined"]).toContain(typeof answer);
          if (path.some((step) => ["id", "uri", "repository"].includes(step))) {
            expect(answer).toBeDefined();
          }
        }),
        { numRuns: 300 },
      );
    },
  );
});

function pathsIn(value: unknown): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [
    [key],
    ...pathsIn(member).map((path) => [key, ...path]),
  ]);
}

function replaced(
  value: Json,
  [step, ...rest]: readonly string[],
  by: Json,
): Json {
  if (step === undefined) return by;
  const copy = structuredClone(value);
  const members = new Map(Object.entries(Object(copy)));
  const member = replaced(members.get(step) as Json, rest, by);
  return Array.isArray(copy)
    ? copy.with(Number(step), member)
    : { ...Object(copy), [step]: member };
}
