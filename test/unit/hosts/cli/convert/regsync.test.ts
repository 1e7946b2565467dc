import { parse } from "yaml";
import { converted, pathsLeft } from "./converting";

const file = (entry: object, more: object = {}) => ({
  sync: [{ source: "up.example/app", target: "corp.example/app", ...entry }],
  ...more,
});

const image = (entry: object) => file({ type: "image", ...entry });
const repository = (entry: object) => file({ type: "repository", ...entry });

describe("what regsync is told", () => {
  test("images become artifacts, and short names are written out", () => {
    const { text, artifacts, from } = converted({
      version: 1,
      sync: [
        { source: "busybox", target: "corp:5000/busybox:1", type: "image" },
        {
          source: `acme/app:1.2@sha256:${"a".repeat(64)}`,
          target: "localhost/app",
          type: "image",
        },
        { source: "ocidir://in:1", target: "corp:5000/in:1", type: "image" },
      ],
    });
    expect({ from, artifacts }).toEqual({ from: "regsync", artifacts: 3 });
    expect(parse(text)).toMatchObject({
      registries: { localhost: "localhost" },
      artifacts: {
        "busybox-1": {
          source: "docker.io/library/busybox:latest",
          destination: "corp:5000/busybox:1",
        },
        "app-latest": {
          source: `docker.io/acme/app:1.2@sha256:${"a".repeat(64)}`,
          destination: "localhost/app:latest",
        },
        "in-1": { source: "oci:./in:1", destination: "corp:5000/in:1" },
      },
    });
  });

  test.each<[string, object, object]>([
    ["all tags", {}, { mode: "all" }],
    [
      "allow and deny",
      { tags: { allow: ["latest", "3\\.\\d+"], deny: [".*-rc", "edge"] } },
      {
        mode: "all",
        pattern: "latest|3\\.\\d+",
        exclude: [".*-rc", "edge"],
      },
    ],
    [
      "any of several ranges",
      { tags: { semverRange: [">=1.2 <2", "^3.1"], allow: ["v.*"] } },
      {
        mode: "semver",
        range: ">=1.2.0 <2.0.0 || >=3.1.0 <4.0.0",
        prereleases: true,
        calendar: true,
        pattern: "v.*",
      },
    ],
    [
      "several sets of patterns",
      { tagSets: [{ allow: ["a"] }, { allow: ["b"] }], tags: { allow: ["c"] } },
      { mode: "all", pattern: "a|b|c" },
    ],
  ])("tags of a repository: %s", (_, entry, tags) => {
    const { text, left } = converted(repository(entry));
    expect(left).toEqual([]);
    expect(parse(text)).toMatchObject({
      repositories: { app: { source: "up.example/app", tags } },
    });
    expect(parse(text).repositories.app.tags).toEqual(tags);
    expect(parse(text).repositories.app.replaceTag).toBe("verified");
  });

  test("settings of an entry replace those of the defaults, and hosts keep what they are told", () => {
    const { text } = converted({
      creds: [
        { registry: "corp.example:5000", tls: "disabled" },
        { registry: "odd.example", tls: "insecure" },
      ],
      defaults: { ratelimit: { min: 50 }, referrers: true, fastCheck: true },
      sync: [
        {
          source: "up.example/a:1",
          target: "corp.example:5000/a:1",
          type: "image",
          platforms: ["linux/amd64"],
        },
        {
          source: "up.example/b",
          target: "corp.example:5000/b",
          type: "repository",
          ratelimit: { min: 90 },
          fastCheck: false,
          referrerFilters: [{ artifactType: "application/x" }],
        },
      ],
    });
    expect(parse(text)).toEqual({
      version: 1,
      registries: {
        "corp-example-5000": { host: "corp.example:5000", plainHttp: true },
        "odd-example": { host: "odd.example", skipTlsVerify: true },
        "up-example": { host: "up.example", minRemaining: 90 },
      },
      policies: { converted: {} },
      defaults: { policy: "converted" },
      artifacts: {
        "a-1": {
          source: "up.example/a:1",
          destination: "corp.example:5000/a:1",
          platforms: ["linux/amd64"],
          evidence: { watch: "none" },
        },
      },
      repositories: {
        b: {
          source: "up.example/b",
          destination: "corp.example:5000/b",
          tags: { mode: "all" },
          replaceTag: "verified",
          evidence: { include: ["application/x"], watch: "root" },
        },
      },
    });
  });

  test.each<[string, object, RegExp]>([
    [
      "a whole registry",
      file({ type: "registry" }),
      /an estate names its repo/,
    ],
    ["an unknown type", file({ type: "imagee" }), /neither image, repository/],
    ["no type", file({}), /neither image, repository/],
    ["no source", repository({ source: "" }), /source is missing/],
    [
      "a tag of a repository",
      repository({ target: "c.example/a:1" }),
      /no repo/,
    ],
    [
      "a digest to write",
      image({ target: `c.example/a@sha256:${"0".repeat(64)}` }),
      /its target has a digest/,
    ],
    ["no name", repository({ source: "UP/app" }), /up is no host with a dot/],
    ["another scheme", image({ source: "docker://x" }), /scheme/],
    [
      "a template",
      image({ source: "{{ .Sync.Target }}" }),
      /cannot be filled in/,
    ],
    [
      "an unset variable",
      image({ source: '{{env "NO_SUCH"}}/a' }),
      /NO_SUCH is not set/,
    ],
    [
      "sets with ranges",
      repository({ tagSets: [{ allow: ["a"] }, { semverRange: ["1"] }] }),
      /any of several tagSets/,
    ],
    [
      "a range of four numbers",
      repository({ tags: { semverRange: ["1.2.3.4"] } }),
      /more than three numbers/,
    ],
    [
      "a pattern that is none",
      repository({ tags: { allow: ["("] } }),
      /an estate does not take it.*pattern/,
    ],
    ["no filters", image({ referrerFilters: [] }), /referrerFilters are empty/],
  ])(
    "an entry with %s is left out whole, with its line and reason",
    (_, theirs, why) => {
      const good = {
        source: "up.example/b:1",
        target: "c.example/b:1",
        type: "image",
      };
      const { sync } = theirs as { sync: object[] };
      const { left, artifacts, repositories } = converted({
        sync: [...sync, good],
      });
      expect(left).toEqual([
        { path: "sync[0]", line: 2, why: expect.stringMatching(/^left out: /) },
      ]);
      expect(left[0]?.why).toMatch(why);
      expect([artifacts, repositories]).toEqual([1, 0]);
    },
  );

  test("environment variables are filled in, and named", () => {
    const { text, left } = converted(
      image({ target: '{{ env "HOST" }}/a:1' }),
      {
        HOST: "corp.example",
      },
    );
    expect(text).toContain("destination: corp.example/a:1");
    expect(left).toEqual([
      expect.objectContaining({
        path: "sync[0].target",
        why: expect.stringContaining("corp.example/a:1"),
      }),
    ]);
  });

  test("anchors and merge keys count as what they stand for", () => {
    const { text, left } = converted(`
x-common: &common
  type: repository
  schedule: 1 2 * * *
sync:
  - <<: *common
    source: up.example/a
    target: c.example/a
  - { <<: *common, source: up.example/b, target: c.example/b, type: image }
`);
    expect(parse(text)).toMatchObject({
      artifacts: { "b-latest": {} },
      repositories: { a: {} },
    });
    expect(pathsLeft({ left } as never)).toEqual([
      "x-common",
      "sync[0].schedule",
      "sync[1].schedule",
    ]);
  });

  test("no login is ever written or told", () => {
    const secret = "s3cr3t-word";
    const made = converted({
      creds: [
        {
          registry: "c.example",
          user: "me",
          pass: secret,
          token: secret,
          clientKey: secret,
        },
      ],
      ...image({}),
    });
    expect(JSON.stringify(made)).not.toContain(secret);
    expect(pathsLeft(made)).toContain("creds[0].pass");
  });

  test("two entries into one place: the second is named", () => {
    const entry = {
      source: "up.example/a:1",
      target: "c.example/a:1",
      type: "image",
    };
    const { left, artifacts } = converted({
      sync: [entry, { ...entry, source: "up.example/b:1" }],
    });
    expect(left.map(({ path }) => path)).toEqual(["sync[1]"]);
    expect(artifacts).toBe(1);
  });

  test("a key that stands twice is named", () => {
    const { left } = converted(`
sync:
  - source: up.example/a:1
    source: up.example/b:1
    target: c.example/a:1
    type: image
`);
    expect(left).toEqual([
      {
        path: "sync[0].source",
        line: 3,
        why: expect.stringContaining("twice"),
      },
    ]);
  });
});
