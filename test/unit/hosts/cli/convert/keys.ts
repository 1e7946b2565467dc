/** A path, and two values that mean something different there. */
type Key = readonly [path: string, one: unknown, other: unknown];

const pem = (text: string) =>
  `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;

/** The least file that says something in every place. */
export function baseOf(tool: string): object {
  switch (tool) {
    case "regsync":
      return {
        creds: [{ registry: "corp.example:5000" }],
        defaults: {},
        sync: [
          {
            source: "up.example/acme/app:1",
            target: "corp.example:5000/acme/app:1",
            type: "image",
          },
          {
            source: "up.example/acme/tool",
            target: "corp.example:5000/acme/tool",
            type: "repository",
          },
        ],
      };
    case "replicant":
      return {
        images: {
          app: {
            source: "up.example/acme/app",
            destination: "corp.example:5000/acme/app",
          },
        },
      };
    default:
      return {
        apiVersion: "mirror.plugin.fluxcd.io/v1beta2",
        kind: "Config",
        hosts: [{ host: "corp.example:5000" }],
        artifacts: [
          {
            source: "up.example/acme/app",
            destination: "corp.example:5000/acme/app",
            selector: { semver: "1.x" },
            verify: {
              provider: "cosign",
              matchOIDCIdentity: [
                { issuer: "https://issuer.example", subject: "^me$" },
              ],
            },
          },
        ],
      };
  }
}

/** What an entry of `sync` and `defaults` have in common (regsync's ConfigSync and ConfigDefaults). */
const settings: readonly Key[] = [
  ["backup", "old-{{.Ref.Tag}}", "was-{{.Ref.Tag}}"],
  ["interval", "1h", "2h"],
  ["schedule", "1 2 * * *", "2 3 * * *"],
  ["ratelimit.min", 5, 6],
  ["ratelimit.retry", "15m", "20m"],
  ["digestTags", true, false],
  ["referrers", true, false],
  ["referrerFilters", [{ artifactType: "a/b" }], [{ artifactType: "a/c" }]],
  ["referrerSource", "up.example/acme/evidence", "up.example/acme/more"],
  ["referrerTarget", "corp.example:5000/one", "corp.example:5000/two"],
  ["referrerSlow", true, false],
  ["fastCheck", true, false],
  ["forceRecursive", true, false],
  ["includeExternal", true, false],
  ["mediaTypes", ["a/b"], ["a/c"]],
  ["hooks", { pre: { type: "a" } }, { post: { type: "a" } }],
];

const below = (at: string, keys: readonly Key[]): readonly Key[] =>
  keys.map(([path, one, other]) => [`${at}.${path}`, one, other]);

const tagSet: readonly Key[] = [
  ["allow", ["a.*"], ["b.*"]],
  ["deny", ["a.*"], ["b.*"]],
  ["semverRange", [">=1"], [">=2"]],
];

/** Every key of regsync's configuration (v0.11), its hosts included. */
export const regsyncKeys: readonly Key[] = [
  ...below("defaults", [
    ...settings,
    ["parallel", 2, 3],
    ["blobLimit", 1, 2],
    ["cacheCount", 1, 2],
    ["cacheTime", "1m", "2m"],
    ["skipDockerConfig", true, false],
    ["userAgent", "a", "b"],
  ]),
  ...[0, 1].flatMap((index) =>
    below(`sync[${index}]`, [
      ...settings,
      ["type", "image", "repository"],
      ["tags", { allow: ["a"] }, { allow: ["b"] }],
      ["tagSets", [{ allow: ["a"] }], [{ allow: ["b"] }]],
      ["repos", { allow: ["a"] }, { allow: ["b"] }],
      ["platform", "linux/amd64", "linux/arm64"],
      ["platforms", ["linux/amd64"], ["linux/arm64"]],
    ]),
  ),
  ["sync[0].source", "up.example/a:1", "up.example/b:1"],
  ["sync[0].target", "corp.example/a:1", "corp.example/b:1"],
  ["sync[1].source", "up.example/a", "up.example/b"],
  ["sync[1].target", "corp.example/a", "corp.example/b"],
  ["sync[1].repos.allow", ["a"], ["b"]],
  ...below("sync[1].tags", tagSet),
  ["sync[1].tagSets", [{ deny: ["a"] }], [{ deny: ["b"] }]],
  ["sync[1].tagSets", [{ semverRange: ["1"] }], [{ semverRange: ["2"] }]],
  ...below("creds[0]", [
    ["registry", "one.example:1", "two.example:2"],
    ["tls", "disabled", "insecure"],
    ["regcert", pem("one"), pem("two")],
    ["clientCert", pem("one"), pem("two")],
    ["clientKey", "one", "two"],
    ["hostname", "one.example", "two.example"],
    ["user", "one", "two"],
    ["pass", "one", "two"],
    ["token", "one", "two"],
    ["credHelper", "one", "two"],
    ["credExpire", "1h", "2h"],
    ["credHost", "one", "two"],
    ["pathPrefix", "one", "two"],
    ["mirrors", ["one"], ["two"]],
    ["priority", 1, 2],
    ["repoAuth", true, false],
    ["api", "one", "two"],
    ["apiOpts", { a: "b" }, { a: "c" }],
    ["blobChunk", 1, 2],
    ["blobMax", 1, 2],
    ["reqPerSec", 1, 2],
    ["reqConcurrent", 1, 2],
    ["scheme", "http", "https"],
  ]),
];

/** Every key of replicant's configuration. */
export const replicantKeys: readonly Key[] = [
  ["mode", "semver", "all"],
  ...below("images.app", [
    ["source", "up.example/a", "up.example/b"],
    ["destination", "corp.example/a", "corp.example/b"],
    ["mode", "higher", "highest"],
    ["compatibility", "alpine", "slim"],
    ["replace-tag", true, false],
    ["pinned-major", 0, "1"],
  ]),
];

/** Every key of flux-mirror's configuration (v1beta1 and v1beta2). */
export const fluxKeys: readonly Key[] = [
  ["charts[0]", { name: "a" }, { name: "b" }],
  ...below("hosts[0]", [
    ["host", "one.example", "two.example"],
    ["username", "one", "two"],
    ["credential", { value: "one" }, { value: "two" }],
    ["provider", "ecr", "acr"],
    ["maxChunkSize", 1, 2],
    ["tls.serverAuth.value", pem("one"), pem("two")],
    ["tls.serverAuth.fromPath", "one.pem", "two.pem"],
    ["tls.serverAuth.provider", "spiffe", "other"],
    ["tls.serverAuth.spiffe", { serverID: "a" }, { serverID: "b" }],
    ["tls.clientAuth", { provider: "spiffe" }, { certificate: {} }],
  ]),
  ...below("artifacts[0]", [
    ["source", "up.example/a", "up.example/b"],
    ["destination", "corp.example/a", "corp.example/b"],
    ["overwrite", true, false],
    ["includeReferrers", true, false],
    ["selector.semver", "1.x", "2.x"],
    ["selector.sortBy", "semver", "numerical"],
    ["selector.limit", 1, 2],
    ["selector.regex.pattern", "^1", "^2"],
    ["selector.regex", { pattern: "^(?P<n>1)", extract: "$n" }, {}],
    ["verify.provider", "cosign", "notation"],
    ["verify.minAge", "48h", "72h"],
    [
      "verify.matchOIDCIdentity[0].issuer",
      "https://a.example",
      "https://b.example",
    ],
    ["verify.matchOIDCIdentity[0].subject", "^a$", "^b$"],
  ]),
];
