import {
  formatPlatform,
  matchesPlatform,
  parsePlatform,
  readPlatform,
} from "../../../provider/oci/platform";
import { malformed } from "./malformed";

test.each([
  ["linux/amd64", { os: "linux", architecture: "amd64" }],
  ["linux/arm64/v8", { os: "linux", architecture: "arm64", variant: "v8" }],
  [
    "windows(10.0.20348.2227)/amd64",
    { os: "windows", osVersion: "10.0.20348.2227", architecture: "amd64" },
  ],
  ["unknown/unknown", { os: "unknown", architecture: "unknown" }],
])("%s is read and written back", (text, platform) => {
  expect(parsePlatform(text)).toEqual(platform);
  expect(Object.keys(parsePlatform(text)).sort()).toEqual(
    Object.keys(platform).sort(),
  );
  expect(formatPlatform(parsePlatform(text))).toBe(text);
});

test.each(["", "linux", "linux/", "/amd64", "Linux/amd64", "linux/arm64/v8/x"])(
  "%j is not a platform",
  (text) => {
    expect(malformed(() => parsePlatform(text)).rule).toBe("platform");
  },
);

test("a descriptor's platform is read with its version, and what is missing is empty", () => {
  const json = { os: "windows", architecture: "amd64", "os.version": "10.0.1" };
  expect(readPlatform(json, "p")).toEqual({
    os: "windows",
    architecture: "amd64",
    osVersion: "10.0.1",
  });
  expect(readPlatform({ variant: "v7" }, "p")).toEqual({
    os: "",
    architecture: "",
    variant: "v7",
  });
});

test.each([
  ["another type", { os: 1 }],
  ["another case", { OS: "linux" }],
  ["a list", []],
])("a descriptor's platform with %s is refused", (_, json) => {
  expect(malformed(() => readPlatform(json, "p")).rule).toBe("json");
});

test.each([
  ["linux/amd64", "linux/amd64", true],
  ["linux/amd64", "linux/arm64", false],
  ["linux/amd64", "windows/amd64", false],
  ["linux/arm64", "linux/arm64/v8", true],
  ["linux/arm64/v8", "linux/arm64", true],
  ["linux/arm64/v9", "linux/arm64", false],
  ["linux/arm", "linux/arm/v6", true],
  ["linux/arm/v7", "linux/arm", true],
  ["linux/arm/v6", "linux/arm/v7", false],
  ["linux/amd64/v3", "linux/amd64", false],
  ["windows/amd64", "windows(10.0.20348.1)/amd64", true],
  ["windows(10.0.20348)/amd64", "windows(10.0.20348.1)/amd64", true],
  ["windows(10.0.20348)/amd64", "windows(10.0.203481.1)/amd64", false],
  ["windows(10.0.20348)/amd64", "windows/amd64", false],
])("asked for %s, the child %s matches: %s", (wanted, have, matches) => {
  expect(matchesPlatform(parsePlatform(wanted), parsePlatform(have))).toBe(
    matches,
  );
});
