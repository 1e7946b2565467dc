const esmOnly = [
  "@noble/curves",
  "@noble/hashes",
  "agent-base",
  "cborg",
  "http-proxy-agent",
  "https-proxy-agent",
  "proxy-agent-negotiate",
];

/** @type {import("jest").Config} */
module.exports = {
  rootDir: "..",
  roots: ["<rootDir>/provider", "<rootDir>/sdk", "<rootDir>/test"],
  testEnvironment: "node",
  testMatch: [
    "<rootDir>/test/{unit,contract,lifecycle,registry,engine,architecture,faults,sweep}/**/*.test.ts",
  ],
  moduleNameMapper: {
    // has an import condition only
    "^cborg$": "<rootDir>/node_modules/cborg/cborg.js",
    "^pulumi-artifact-mirror$": "<rootDir>/sdk/nodejs/index.ts",
    "^pulumi-artifact-mirror/dynamic$": "<rootDir>/sdk/dynamic/index.ts",
  },
  moduleFileExtensions: ["ts", "js", "mjs", "json", "node"],
  transform: {
    "\\.(ts|js|mjs)$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2023" },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  transformIgnorePatterns: [
    `/node_modules/(?!.*/node_modules/)(?!(${esmOnly.join("|")})/)`,
  ],
  collectCoverageFrom: ["<rootDir>/provider/**/*.ts"],
  coverageReporters: [["text", { skipFull: true }], "json-summary"],
  coverageThreshold: {
    "./provider/oci/": { branches: 100 },
    "./provider/mirror/": { branches: 100 },
  },
  setupFilesAfterEnv: ["<rootDir>/test/secondTry.ts"],
  testTimeout: 60_000,
  maxWorkers: 2,
};
