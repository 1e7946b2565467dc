import { Document } from "yaml";
import { MirrorError } from "../../../../../provider/mirror/errors";
import { converted, isNamed } from "./converting";
import { baseOf, fluxKeys, regsyncKeys, replicantKeys } from "./keys";

type Wanted = readonly [path: string, one: unknown, other: unknown];

const table = [
  ...regsyncKeys.map((wanted) => ["regsync", ...wanted] as const),
  ...replicantKeys.map((wanted) => ["replicant", ...wanted] as const),
  ...fluxKeys.map((wanted) => ["flux-mirror", ...wanted] as const),
];

/** The least file of a tool, with one value put at a path. */
function fileWith(tool: string, path: string, value: unknown): string {
  const document = new Document(baseOf(tool));
  const steps = path.split(/[.[\]]+/).filter(Boolean);
  document.setIn(
    steps.map((step) => (/^[0-9]+$/.test(step) ? Number(step) : step)),
    document.createNode(value),
  );
  return String(document);
}

test.each(table)(
  "%s: %s changes the estate, or is named",
  (tool, ...[path, one, other]: Wanted) => {
    const [before, after] = [one, other].map((value) =>
      converted(fileWith(tool, path, value)),
    ) as [ReturnType<typeof converted>, ReturnType<typeof converted>];
    const isSame =
      before.text === after.text &&
      JSON.stringify(before.left) === JSON.stringify(after.left);
    expect({
      isSilent: isSame && !(isNamed(before, path) && isNamed(after, path)),
      left: before.left,
    }).toMatchObject({ isSilent: false });
  },
);

test.each([
  ["regsync", "brandNew"],
  ["regsync", "creds[0].brandNew"],
  ["regsync", "defaults.brandNew"],
  ["regsync", "defaults.ratelimit.brandNew"],
  ["regsync", "sync[0].brandNew"],
  ["regsync", "sync[1].tags.brandNew"],
  ["replicant", "brandNew"],
  ["replicant", "images.app.brandNew"],
  ["flux-mirror", "brandNew"],
  ["flux-mirror", "hosts[0].brandNew"],
  ["flux-mirror", "hosts[0].tls.brandNew"],
  ["flux-mirror", "artifacts[0].brandNew"],
  ["flux-mirror", "artifacts[0].selector.brandNew"],
  ["flux-mirror", "artifacts[0].verify.brandNew"],
])("%s: a word that is not known, %s, is named", (tool, path) => {
  const { left } = converted(fileWith(tool, path, "x"));
  expect(left).toContainEqual({
    path,
    line: expect.any(Number),
    why: expect.stringContaining(`is no word of ${tool}`),
  });
});

const odd = [null, -1.5, "x", "", [], {}, [null, [1]], true];

test.each(table)(
  "%s: %s of another kind than it should be never breaks the command",
  (tool, path) => {
    for (const value of odd) {
      const { left, artifacts, repositories } = outcomeOf(tool, path, value);
      const isTold = left.every(({ line, why }) => line > 0 && why !== "");
      expect({ value, isTold }).toEqual({ value, isTold: true });
      expect(artifacts + repositories).toBeLessThanOrEqual(2);
    }
  },
);

/** What is converted; nothing where the whole file is refused. */
function outcomeOf(tool: string, path: string, value: unknown) {
  try {
    return converted(fileWith(tool, path, value));
  } catch (error) {
    if (!(error instanceof MirrorError) || error.fault !== "invalid")
      throw error;
    return { left: [], artifacts: 0, repositories: 0 };
  }
}

// without one of these an entry would take more than it did
test.each([
  ["regsync", "sync[1]", "tags", "latest"],
  ["regsync", "sync[1]", "tags.allow", "latest"],
  ["regsync", "sync[1]", "tags.allow", [null]],
  ["regsync", "sync[1]", "tags.deny", { a: 1 }],
  ["regsync", "sync[1]", "tags.semverRange", ">=1"],
  ["regsync", "sync[1]", "tagSets", { allow: ["a"] }],
  ["regsync", "sync[1]", "platforms", "linux/amd64"],
  ["replicant", "images.app", "mode", ["semver"]],
  ["replicant", "images.app", "compatibility", ["alpine"]],
  ["replicant", "images.app", "pinned-major", "6.0"],
  ["flux-mirror", "artifacts[0]", "selector", "1.x"],
  ["flux-mirror", "artifacts[0]", "selector.semver", ["1.x"]],
  ["flux-mirror", "artifacts[0]", "selector.limit", -1],
  ["flux-mirror", "artifacts[0]", "selector.limit", "many"],
  ["flux-mirror", "artifacts[0]", "selector.regex", "^a"],
  ["flux-mirror", "artifacts[0]", "selector.regex.pattern", ["^a"]],
  ["flux-mirror", "artifacts[0]", "selector.semver", "${NOWHERE}"],
  ["flux-mirror", "artifacts[0]", "verify", true],
  ["flux-mirror", "artifacts[0]", "verify.minAge", ["48h"]],
  ["flux-mirror", "artifacts[0]", "verify.minAge", "2 days"],
  ["flux-mirror", "artifacts[0]", "verify.matchOIDCIdentity", {}],
])(
  "%s: an entry %s whose %s is %j is left out, and takes nothing more",
  (tool, entry, key, value) => {
    const path = `${entry}.${key}`;
    const made = converted(fileWith(tool, path, value));
    expect(made.left).toContainEqual({
      path: entry,
      line: expect.any(Number),
      why: expect.stringMatching(/^left out: /),
    });
    expect(made.artifacts + made.repositories).toBe(tool === "regsync" ? 1 : 0);
  },
);
