const modules = "(^|/)node_modules/(@types/)?";

/** The registry client from the ground up: each knows only what stands before it. */
const floors = [
  "memory/",
  "wire/",
  "pace/",
  "login/",
  "(place|refusalError)\\.ts",
  "reading/",
  "writing/blobs/",
  "writing/manifests/",
  "registry\\.ts",
];

/** A repository's rooms, in the order in which it goes through them: each knows only those before it. */
const rooms = ["choosing/", "looking/", "working/", "telling/"];

const never = (name, from, to) => ({ name, severity: "error", from, to });

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    never("no-circle", {}, { circular: true }),
    never(
      "no-missing-module",
      {},
      {
        couldNotResolve: true,
        pathNot: "^pulumi-artifact-mirror/dynamic/host$",
      },
    ),
    never(
      "nouns-stand-alone",
      { path: "^provider/oci/" },
      { pathNot: ["^provider/oci/", "^(node:)?crypto$"] },
    ),
    never(
      "verbs-know-nouns-only",
      { path: "^provider/mirror/" },
      { pathNot: "^provider/(mirror|oci)/" },
    ),
    never(
      "shelves-know-ports-only",
      {
        path: "^provider/(stores|verifiers|selectors|credentials|signers|events)/",
      },
      { path: "^provider/", pathNot: "^provider/($1|mirror|oci)/" },
    ),
    never(
      "resources-script-verbs",
      { path: "^provider/resources/" },
      {
        path: "^provider/",
        pathNot: "^provider/(resources|verifiers|selectors|mirror|oci)/",
      },
    ),
    never(
      "functions-script-verbs",
      { path: "^provider/functions/" },
      {
        path: "^provider/",
        pathNot:
          "^provider/((functions|resources|verifiers|selectors|mirror|oci)/|stores/registry/settings\\.ts$)",
      },
    ),
    never(
      "pulumi-lives-in-hosts",
      { path: "^provider/", pathNot: "^provider/hosts/" },
      { path: `${modules}(@pulumi|@grpc|google-protobuf)/` },
    ),
    never(
      "judges-stand-on-readers",
      {
        path: "^provider/verifiers/(x509|formats|material|trust|revocation)/",
      },
      {
        path: "^provider/verifiers/(authorities/|requirements/|[a-z]*[pP]olicy)",
      },
    ),
    never(
      "authorities-know-no-requirements",
      { path: "^provider/verifiers/authorities/" },
      { path: "^provider/verifiers/(requirements/|[a-z]*[pP]olicy)" },
    ),
    never(
      "only-authorities-vouch",
      { path: "^provider/", pathNot: "^provider/verifiers/authorities/" },
      { path: "^provider/mirror/vouch\\.ts$" },
    ),
    ...floors.slice(0, -1).map((floor, at) =>
      never(
        "floors-know-floors-below",
        { path: `^provider/stores/registry/${floor}` },
        {
          path: `^provider/stores/registry/(${floors.slice(at + 1).join("|")})`,
        },
      ),
    ),
    ...rooms.slice(0, -1).map((room, at) =>
      never(
        "rooms-know-rooms-before",
        { path: `^provider/resources/mirroredRepository/${room}` },
        {
          path: `^provider/resources/mirroredRepository/(${rooms.slice(at + 1).join("|")})`,
        },
      ),
    ),
    never(
      "clouds-know-no-other",
      { path: "^provider/credentials/(aws|azure|google|cloud|files)/" },
      {
        path: "^provider/credentials/(aws|azure|google|files|catalog|given|settings)",
        pathNot: "^provider/credentials/$1/",
      },
    ),
    never(
      "network-by-reach",
      {
        path: "^provider/",
        pathNot: [
          "^provider/hosts/",
          "^provider/stores/registry/wire/",
          "^provider/verifiers/requirements/plugin/endpoint\\.ts$",
        ],
      },
      {
        path: [
          `${modules}undici/`,
          "^(node:)?(http|https|http2|net|tls|dgram|dns)(/|$)",
        ],
      },
    ),
    never(
      "plugins-read-on-loopback",
      { path: "^provider/verifiers/requirements/plugin/endpoint\\.ts$" },
      {
        path: [
          `${modules}undici/`,
          "^(node:)?(https|http2|net|tls|dgram|dns)(/|$)",
        ],
      },
    ),
    never(
      "provider-stands-alone",
      { path: "^provider/" },
      { path: "^(test|sdk|examples)/" },
    ),
    never(
      "sdk-runs-on-pulumi-alone",
      { path: "^sdk/(nodejs|program)/" },
      { path: "^(provider|test|examples)/" },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: {
      path: ["^test/.*/vectors/", "^provider/hosts/plugin/launch\\.js$"],
    },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".mjs", ".cjs", ".json", ".d.ts"],
    },
  },
};
