import { head, problemsIn } from "./reading";

const problem = (entries: string) => problemsIn(`${head}${entries}`);

test.each([
  [
    "a word that is not known",
    "artifacts:\n  app: { source: ghcr/app:1, sorce: x }\n",
    "8:30 is not known here; known are source, destination,",
  ],
  [
    "a number for a text",
    "artifacts:\n  app: { source: ghcr/app:1, additionalTags: [1.10] }\n",
    '8:47 must be a string: put it into quotes: "1.10"',
  ],
  [
    "an entry that is neither a text nor an object",
    "artifacts:\n  app: 5\n",
    "8:3 must be a string or an object",
  ],
  [
    "a source that is missing",
    "artifacts:\n  app: { onRefused: keep }\n",
    "8:3 is missing: a string is needed",
  ],
  [
    "a word of a closed list",
    "artifacts:\n  app: { source: ghcr/app:1, onRefused: maybe }\n",
    '8:30 must be "fail" or "keep"',
  ],
  [
    "a name that is none",
    "artifacts:\n  a@b: ghcr/app:1\n",
    "8:3 a name begins with a letter or digit",
  ],
  [
    "a reference without registry",
    "artifacts:\n  nginx: nginx:1\n",
    "8:3 begins neither with an alias of `registries` (there are: hub, ghcr, corp, us) nor with a host",
  ],
  [
    "an alias that is not there",
    "artifacts:\n  app: { source: hup/app:1 }\n",
    "8:10 begins neither with an alias",
  ],
  [
    "a tag that is none",
    'artifacts:\n  app: { source: ghcr/app:1, additionalTags: ["1+2"] }\n',
    "8:47 is not a tag",
  ],
  [
    "a source that is no reference",
    "artifacts:\n  app: ghcr/App:1\n",
    '8:3 "ghcr.io/acme/App:1" is not a reference: repository names are lower case',
  ],
  [
    "a source without a tag",
    "artifacts:\n  app: ghcr/app\n",
    "8:3 name a tag or a digest",
  ],
  [
    "two ways to say the destination",
    "artifacts:\n  app: { source: ghcr/app:1, destination: us/app, destinationPrefix: us }\n",
    "8:30 stands beside destinationPrefix",
  ],
  [
    "two destinations of one name",
    "artifacts:\n  app: { source: ghcr/app:1, destination: [us/a, us/b] }\n",
    "8:50 is the second destination called us",
  ],
  [
    "a destination with a digest",
    `artifacts:\n  app: { source: ghcr/app:1, destination: "us/a@sha256:${"a".repeat(64)}" }\n`,
    "8:30 name a tag and no digest",
  ],
  [
    "a directory whose path at the destination is not said",
    'artifacts:\n  app: "oci:./dir:1"\n',
    "8:3 has a directory as its source",
  ],
  [
    "a policy that is not there",
    "artifacts:\n  app: { source: ghcr/app:1, policy: vendor }\n",
    '8:30 there is no policy named "vendor"; there are: corporate, vendors',
  ],
  [
    "evidence that contradicts the policy",
    "artifacts:\n  app: { source: ghcr/app:1, platforms: [linux] }\n",
    "8:42 ",
  ],
  [
    "a repository without rules",
    "repositories:\n  app: { source: ghcr/app }\n",
    "8:3 has no tags",
  ],
  [
    "a repository with a tag",
    "repositories:\n  app: { source: ghcr/app:1, tags: { mode: all } }\n",
    "8:10 names a tag or a digest",
  ],
  [
    "rules that contradict each other",
    "repositories:\n  app: { source: ghcr/app, tags: { mode: all, list: [a] } }\n",
    "8:47 ",
  ],
  [
    "a group whose word is meant for artifacts only",
    "groups:\n  g:\n    onDelete: delete\n    repositories:\n      app: { source: ghcr/app, tags: { mode: all } }\n",
    '9:5 must be "keep" or "untag"',
  ],
])("%s is told where it stands", (_, entries, expected) => {
  const problems = problem(entries);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.slice(0, expected.length)).toBe(expected);
});

test("a name that stands twice is told with the line of the other", () => {
  expect(
    problem(
      "artifacts:\n  app: ghcr/app:1\nrepositories:\n  app: { source: ghcr/other, tags: { mode: all } }\n",
    ),
  ).toEqual(["10:3 is the name of another entry, too (line 8)"]);
});

test("a destination that two entries have is told with both lines", () => {
  expect(
    problem(
      "artifacts:\n  one: ghcr/app:1\n  two: { source: ghcr/other:1, destination: corp/app }\n",
    ),
  ).toEqual([
    "9:3 reg.example/mirror/app:1 is the destination of one, too (line 8)",
  ]);
});

test("a further tag may not be what the artifact has anyway", () => {
  expect(
    problem(
      'artifacts:\n  app: { source: ghcr/app:1, additionalTags: ["1"] }\n',
    ),
  ).toEqual([
    "8:3 reg.example/mirror/app:1 is the destination of app, too (line 8)",
  ]);
});

test("a default that does not fit is told once, with the entries for which it does not", () => {
  const minAge = "  minAge: { duration: 3d, by: signature }\n";
  const entries = "a: ghcr/a:1\n  b: ghcr/b:1\n  c: ghcr/c:1\n";
  const [only, ...others] = problem(`${minAge}artifacts:\n  ${entries}`);
  expect(others).toEqual([]);
  expect(only).toMatch(/^7:27 .*\(for a, line 9, and 2 more\)$/);
});

test("nothing is let in for want of a policy, and nothing goes nowhere", () => {
  expect(
    problemsIn("version: 1\nartifacts:\n  app: docker.io/acme/app:1\n"),
  ).toEqual([
    "3:3 has no policy: write `policy` here, in its group or in `defaults`",
    "3:3 has no destination: write `destination` here, or `destinationPrefix` here, in its group or in `defaults`",
  ]);
});

test("the file's policies neither replace nor weaken the provider's", () => {
  expect(
    problemsIn("version: 1\npolicies:\n  corporate: { unverified: x }\n"),
  ).toEqual(["3:3 the provider has a policy of this name, too: leave one"]);
});

test.each(["dockerio", "hub", "docker.io//x"])(
  "an alias for %s is refused: it is no host",
  (host) => {
    expect(problemsIn(`version: 1\nregistries:\n  x: ${host}\n`)).toEqual([
      "3:3 must be a host with a dot or a port, and perhaps a path: `docker.io`, `registry.example/mirror`",
    ]);
  },
);

test("everything that is wrong is told at once, in the file's order", () => {
  const problems = problem("artifacts:\n  b: x:1\n  a: y:1\n");
  expect(problems.map((one) => one.split(" ")[0])).toEqual(["8:3", "9:3"]);
});

test("a word that is not known hides nothing that is wrong with other entries", () => {
  const entries = `artifacts:
  one: { source: ghcr/app:1, sorce: x }
  two: { source: ghcr/app:2, destination: corp/same:1 }
  web: { source: ghcr/app:3, destination: corp/same:1 }
  nginx: nginx:1.27
repositories:
  charts: { source: ghcr/x, tags: { mode: semver, newest: 0 }, maxPrune: 0 }
groups:
  g: { artifacts: { three: 5, one: ghcr/app:4 } }
`;
  const told = problem(entries);
  expect(told.map((text) => text.replace(/;.*/, ""))).toEqual([
    "8:30 is not known here",
    "10:3 reg.example/mirror/same:1 is the destination of two, too (line 9)",
    "11:3 begins neither with an alias of `registries` (there are: hub, ghcr, corp, us) nor with a host",
    "13:51 must be at least 1",
    "13:64 must be at least 1",
    '15:21 must be a string or an object: put it into quotes: "5"',
  ]);
  expect(told.join()).toContain("write `docker.io/library/nginx:1.27`");
});

test("a word around entries that is not known is told alone", () => {
  expect(problem("fro: 1\nartifacts:\n  nginx: nginx:1\n")).toEqual([
    expect.stringMatching(/^7:1 is not known here/),
  ]);
});

test("an empty file is called one", () => {
  expect(problemsIn("# nothing yet\n")).toEqual([
    "1:1 is empty: a file begins with `version: 1`",
  ]);
});
