import { z } from "zod";
import lockFile from "../../package-lock.json";
import packageFile from "../../package.json";

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      resolved: z.string().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
const { packages } = Lock.parse(lockFile);

describe("the packages we build on", () => {
  test.each(
    Object.entries({
      ...packageFile.dependencies,
      ...packageFile.devDependencies,
      ...packageFile.overrides,
    }),
  )("%s is pinned to one version", (_name, version) => {
    expect(version).toMatch(/^(npm:@?[\w/-]+@)?\d+\.\d+\.\d+$/);
  });

  test("the lock file names no download address", () => {
    const resolved = Object.entries(packages).filter(
      ([, entry]) => entry.resolved !== undefined,
    );
    expect(resolved).toEqual([]);
  });

  test("the lock file has every platform's binaries", () => {
    const missing = Object.entries(packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) =>
          packages[`node_modules/${name}`] === undefined &&
          packages[`${path}/node_modules/${name}`] === undefined,
      ),
    );
    expect(missing).toEqual([]);
  });
});
