import { estateIn, head, placesIn } from "./reading";

const digest = `sha256:${"a".repeat(64)}`;

test("the short form is a source, and the destination follows from it", () => {
  expect(
    placesIn(`${head}artifacts:\n  nginx: hub/library/nginx:1.27.1\n`),
  ).toEqual({
    nginx:
      "docker.io/library/nginx:1.27.1 → reg.example/mirror/library/nginx:1.27.1",
  });
});

test("tag@digest is the tag with a pin", () => {
  expect(
    placesIn(`${head}artifacts:\n  app: ghcr/app:1.4.2@${digest}\n`),
  ).toEqual({
    app: `ghcr.io/acme/app:1.4.2 → ${digest} → reg.example/mirror/app:1.4.2`,
  });
});

test("a source by digest alone needs a tag at the destination", () => {
  const text = `${head}artifacts:
  app: { source: ghcr/app@${digest}, destination: corp/app:pinned }
`;
  expect(placesIn(text)).toEqual({
    app: `ghcr.io/acme/app@${digest} → reg.example/mirror/app:pinned`,
  });
});

test("a destination without a tag has the source's", () => {
  const text = `${head}artifacts:
  app: { source: ghcr/app:1.4.2, destination: corp/apps/app }
`;
  expect(placesIn(text)).toEqual({
    app: "ghcr.io/acme/app:1.4.2 → reg.example/mirror/apps/app:1.4.2",
  });
});

test("further tags are resources of their own, at every destination", () => {
  const text = `${head}artifacts:
  app: { source: ghcr/app:1.4.2, destinationPrefix: [corp, us], additionalTags: ["1.4"] }
`;
  expect(placesIn(text)).toEqual({
    "app@corp": "ghcr.io/acme/app:1.4.2 → reg.example/mirror/app:1.4.2",
    "app:1.4@corp": "ghcr.io/acme/app:1.4.2 → reg.example/mirror/app:1.4",
    "app@us": "ghcr.io/acme/app:1.4.2 → us.example/app:1.4.2",
    "app:1.4@us": "ghcr.io/acme/app:1.4.2 → us.example/app:1.4",
  });
});

test("destinations may be named", () => {
  const text = `${head}artifacts:
  app:
    source: ghcr/app:1
    destination: { east: us/east/app, west: us/west/app:one }
`;
  expect(placesIn(text)).toEqual({
    "app@east": "ghcr.io/acme/app:1 → us.example/east/app:1",
    "app@west": "ghcr.io/acme/app:1 → us.example/west/app:one",
  });
});

test("the first of several destinations was called as one alone is, and the other way round", () => {
  const formerNames = (destination: string) =>
    estateIn(
      `${head}artifacts:\n  app: { source: ghcr/app:1, destination: ${destination} }\n`,
    ).declared.map(({ name, formerName }) => [name, formerName]);
  expect(formerNames("corp/app")).toEqual([["app", "app@corp"]]);
  expect(formerNames("[corp/app, us/app]")).toEqual([
    ["app@corp", "app"],
    ["app@us", undefined],
  ]);
});

test("a group shares a source and a destination, and its words replace the defaults whole", () => {
  const text = `${head}  evidence: { copy: all, watch: none }
groups:
  charts:
    sourcePrefix: ghcr/charts/
    destinationPrefix: us
    evidence: { copy: verified }
    artifacts:
      podinfo: podinfo:6.7.1
      own: { source: own:1, policy: corporate, evidence: { watch: all } }
`;
  expect(estateIn(text).declared.map(({ args }) => args)).toEqual([
    {
      source: "ghcr.io/acme/charts/podinfo:6.7.1",
      destination: "us.example/charts/podinfo:6.7.1",
      policy: { use: "vendors" },
      evidence: { copy: "verified" },
    },
    {
      source: "ghcr.io/acme/charts/own:1",
      destination: "us.example/charts/own:1",
      policy: { use: "corporate" },
      evidence: { watch: "all" },
    },
  ]);
});

test("a policy may be written where it is used", () => {
  const text = `${head}artifacts:
  app: { source: ghcr/app:1, policy: { unverified: ours } }
`;
  const [app] = estateIn(text).declared;
  expect(app?.args.policy).toEqual({ unverified: "ours" });
});

test("a repository takes the words of its kind, and a cooldown that all have", () => {
  const text = `${head}  minAge: { duration: 7d, by: created }
  onRefused: keep
  prune: untag
repositories:
  app: { source: ghcr/app, tags: { mode: semver } }
  own: { source: ghcr/own, tags: { mode: all, minAge: { duration: 1h, by: firstSeen } } }
artifacts:
  one: ghcr/one:1
`;
  const args = Object.fromEntries(
    estateIn(text).declared.map((one) => [one.name, one.args]),
  );
  expect(args).toMatchObject({
    app: {
      source: "ghcr.io/acme/app",
      destination: "reg.example/mirror/app",
      tags: { mode: "semver", minAge: { duration: "7d", by: "created" } },
      prune: "untag",
      onRefused: "keep",
    },
    own: { tags: { minAge: { duration: "1h", by: "firstSeen" } } },
    one: { minAge: { duration: "7d", by: "created" }, onRefused: "keep" },
  });
  expect(args.one).not.toHaveProperty("prune");
});

test("a directory is a source and a destination, too", () => {
  const text = `${head}artifacts:
  app: { source: "oci:./dir:1", destination: "oci:./other:2" }
`;
  expect(placesIn(text)).toEqual({ app: "oci:./dir:1 → oci:./other:2" });
});

test("an alias may say how its host is reached, and a plain one says nothing to the provider", () => {
  const text = `version: 1
registries:
  hub: docker.io
  lab: { host: "lab.example:5000", prefix: mirror, plainHttp: true }
  bare: { host: bare.example }
artifacts:
  app: { source: hub/acme/app:1, destination: lab/app, policy: corporate }
`;
  expect(estateIn(text).registries).toEqual([
    { host: "lab.example:5000", plainHttp: true },
  ]);
  expect(placesIn(text)).toEqual({
    app: "docker.io/acme/app:1 → lab.example:5000/mirror/app:1",
  });
});

test("names stay when entries move", () => {
  const entries = ["a: ghcr/a:1", "b: ghcr/b:1", "c: ghcr/c:1"];
  const names = (lines: readonly string[]) =>
    Object.keys(
      placesIn(
        `${head}artifacts:\n${lines.map((line) => `  ${line}\n`).join("")}`,
      ),
    ).sort();
  const inGroup = `${head}groups:\n  g:\n    artifacts:\n${entries
    .map((line) => `      ${line}\n`)
    .join("")}`;
  expect(names(entries.toReversed())).toEqual(names(entries));
  expect(Object.keys(placesIn(inGroup)).sort()).toEqual(names(entries));
});
