import { parse } from "yaml";
import { converted } from "./converting";

test("what replicant is told: its defaults, and what its modes pass over", () => {
  const { text, left, from } = converted(`
mode: semver
images:
  one: { source: docker.io/acme/app, destination: corp.example/app }
  two:
    source: redis
    destination: corp.example/redis
    mode: highest
    compatibility: alpine
    pinned-major: "0"
    replace-tag: true
  three:
    source: up.example/x
    destination: corp.example/x
    mode: all
    pinned-major: 6
`);
  expect(from).toBe("replicant");
  expect(parse(text).repositories).toEqual({
    one: {
      source: "docker.io/acme/app",
      destination: "corp.example/app",
      tags: { mode: "semver" },
    },
    two: {
      source: "docker.io/library/redis",
      destination: "corp.example/redis",
      tags: {
        mode: "highest",
        ties: "last",
        compatibility: "alpine",
        pinnedMajor: 0,
      },
      replaceTag: "verified",
    },
    three: {
      source: "up.example/x",
      destination: "corp.example/x",
      tags: { mode: "all" },
    },
  });
  expect(left).toEqual([
    {
      path: "images.three.pinned-major",
      line: 16,
      why: expect.stringContaining("passed over by mode all"),
    },
  ]);
});

test.each([
  ["mode: hihgest", /the mode hihgest is not known/],
  ["pinned-major: -1", /nothing matches/],
  ["pinned-major: six", /not a whole number/],
  ["destination: corp.example/x:1", /no repository/],
])("replicant's entry with %s is left out", (line, why) => {
  const { left } = converted(`
images:
  fine: { source: up.example/y, destination: corp.example/y }
  odd:
    source: up.example/x
    ${line.startsWith("destination") ? "" : "destination: corp.example/x"}
    ${line}
`);
  expect(left).toEqual([
    { path: "images.odd", line: 4, why: expect.stringMatching(why) },
  ]);
});

const flux = (
  entry: object,
): Record<string, unknown> & { artifacts: object[] } => ({
  apiVersion: "mirror.plugin.fluxcd.io/v1beta1",
  kind: "Config",
  artifacts: [
    { source: "acme/app", destination: "corp.example/app", ...entry },
  ],
});

test.each<[string, object, object]>([
  [
    "one version by default",
    { semver: "6.x" },
    { mode: "semver", range: "6.x", calendar: true, newest: 1 },
  ],
  [
    "pre-releases where no range is",
    { limit: 0 },
    { mode: "semver", prereleases: true, calendar: true },
  ],
  [
    "pre-releases where the range names one",
    { semver: ">=1.0.0-0, <2.0.0-0", limit: 2 },
    {
      mode: "semver",
      range: ">=1.0.0-0 <2.0.0-0",
      prereleases: true,
      calendar: true,
      newest: 2,
    },
  ],
  [
    "a pattern that is found anywhere",
    { regex: { pattern: "-alpine$" }, semver: "1", limit: 0 },
    {
      mode: "semver",
      range: "1",
      calendar: true,
      pattern: ".*(?:-alpine$).*",
    },
  ],
  [
    "one tag by its name",
    { regex: { pattern: "^latest$" }, sortBy: "alphabetical", limit: 1 },
    { mode: "all", pattern: "latest" },
  ],
  [
    "build numbers",
    { regex: { pattern: "^\\d+$" }, sortBy: "numerical", limit: 3 },
    { mode: "semver", calendar: true, pattern: "\\d+", newest: 3 },
  ],
])("flux-mirror's selector: %s", (_, selector, tags) => {
  const { text, left } = converted(flux({ selector }));
  expect(left).toEqual([]);
  expect(parse(text).repositories.app.tags).toEqual(tags);
});

test.each<[object, RegExp]>([
  [{ selector: { sortBy: "alphabetical" } }, /first 1 tags in alphabetical/],
  [{ selector: { sortBy: "numerical" } }, /first 1 tags in numerical/],
  [{ selector: { regex: { pattern: "a", extract: "$a" } } }, /regex.extract/],
  [{ selector: { semver: "!=1" } }, /!=/],
  [{ selector: { semver: ">=1-0 || 2" } }, /in one part only/],
  [{ selector: { semver: "1", sortBy: "numerical" } }, /sort by semver/],
  [{ verify: { provider: "notation" } }, /verifies by notation/],
  [{ verify: { provider: "cosign" } }, /names no identity/],
  [
    { verify: { provider: "cosign", matchOIDCIdentity: [{ issuer: "a" }] } },
    /without issuer or subject/,
  ],
  [{ source: "${NOBODY}/a" }, /NOBODY is not set/],
])("flux-mirror's entry with %j is left out", (entry, why) => {
  const file = flux(entry);
  file.artifacts.push({ source: "acme/b", destination: "corp.example/b" });
  expect(converted(file).left).toEqual([
    { path: "artifacts[0]", line: 4, why: expect.stringMatching(why) },
  ]);
});

test("flux-mirror's variables are filled in everywhere, and named; logins need none", () => {
  const file = {
    ...flux({ source: "${ORG}/app", selector: { semver: "${RANGE}" } }),
    hosts: [{ host: "corp.example", credential: { value: "${TOKEN}" } }],
  };
  const { text, left } = converted(file, { ORG: "acme", RANGE: "1.x" });
  expect(parse(text).repositories.app).toMatchObject({
    source: "docker.io/acme/app",
    tags: { range: "1.x" },
  });
  const filled = left.filter(({ why }) => why.includes("was filled in"));
  expect(filled.map(({ path }) => path)).toEqual([
    "artifacts[0].source",
    "artifacts[0].selector.semver",
  ]);
});

test.each([
  ["sync: all\n", "sync is not a list"],
  ["sync: []\ncreds: {}\n", "creds is not a list"],
  ["images: []\n", "images is not a mapping"],
])("%j is refused as its tool would refuse it", (text, why) => {
  expect(() => converted(text)).toThrow(why);
});

test("what flux-mirror verifies becomes a policy, shared by all that have it", () => {
  const verify = {
    provider: "cosign",
    minAge: "36h30m",
    matchOIDCIdentity: [
      { issuer: "https://a.example", subject: "^https://x/.*$" },
      { issuer: "https://a.example", subject: "@acme.example" },
    ],
  };
  const file = flux({ verify });
  file.artifacts.push(
    { source: "acme/b", destination: "corp.example/b", verify },
    { source: "acme/c", destination: "corp.example/c" },
  );
  const { text, left, wantsPolicy } = converted(file);
  expect(wantsPolicy).toBe(true);
  const estate = parse(text);
  expect(estate.policies).toEqual({
    converted: {},
    "signers-of-app": {
      signedBy: [
        {
          keyless: {
            issuer: "https://a.example",
            identityPattern: "https://x/.*",
          },
        },
        {
          keyless: {
            issuer: "https://a.example",
            identityPattern: ".*(?:@acme.example).*",
          },
        },
      ],
    },
  });
  const policies = ["app", "b", "c"].map(
    (name) => estate.repositories[name].policy,
  );
  expect(policies).toEqual(["signers-of-app", "signers-of-app", undefined]);
  expect(estate.repositories.app.tags.minAge).toEqual({
    duration: "2190m",
    by: "signature",
  });
  expect(left.map(({ path }) => path)).toEqual([
    "artifacts[0].verify.matchOIDCIdentity[1].subject",
    "artifacts[1].verify.matchOIDCIdentity[1].subject",
  ]);
});

test.each([
  ["kind: ImageSetConfiguration\nmirror: {}\n", "one of oc-mirror"],
  ["a: b\n", "looks like none"],
  ["sync: []\nimages: {}\n", "like several"],
  ["- a\n", "not a YAML mapping"],
  ["a: [\n", "line 2, column 1"],
  [`${"[".repeat(20_000)}`, "could not read"],
])("%j is nobody's file, and says so", (text, why) => {
  expect(() => converted(text)).toThrow(why);
});

test("an excerpt of flux-mirror's file, as the README shows one, is known by its list of artifacts", () => {
  const excerpt =
    "artifacts:\n  - { source: ghcr.io/acme/podinfo, destination: internal.example/podinfo }\n";
  expect(JSON.stringify(converted(excerpt))).toContain("ghcr.io/acme/podinfo");
  expect(() => converted(`version: 1\n${excerpt}`)).toThrow("looks like none");
});
