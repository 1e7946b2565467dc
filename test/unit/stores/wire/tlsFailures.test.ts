import { execFileSync } from "node:child_process";

test("N46: 5000 TLS failures leave nothing behind", () => {
  // in a process of its own: what a test runner keeps of each error is not ours
  const output = execFileSync(
    process.execPath,
    ["test/run.mjs", "test/unit/stores/wire/failingTls.ts"],
    { encoding: "utf8" },
  );
  const { failures, grown } = JSON.parse(output);
  expect(failures).toBe(5000);
  expect(grown).toBeLessThan(20 * 1024 * 1024);
}, 120_000);
