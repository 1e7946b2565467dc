import { execFileSync } from "node:child_process";

/** The clouds' libraries that a fresh process has loaded after it looked for these hosts' credentials. */
function loadedFor(
  hosts: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): unknown {
  const output = execFileSync(
    process.execPath,
    ["test/run.mjs", "test/unit/credentials/lazy.ts", ...hosts],
    {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], HOME: "/nonexistent", ...environment },
    },
  );
  return JSON.parse(output);
}

test("N17: no cloud's library is even loaded for other hosts, look-alikes and machines without an identity", () => {
  expect(
    loadedFor([
      "docker.io",
      "ghcr.io",
      "x.azurecr.io.attacker.test",
      "123456789012.dkr.ecr.us-east-1.amazonaws.com.attacker.test",
      "a.pkg.dev.attacker.test",
      "public.ecr.aws.fake.test",
      "acme.azurecr.io",
      "europe-west1-docker.pkg.dev",
    ]),
  ).toEqual([]);
});

test("the library of one cloud is loaded for its own hosts, and no other cloud's", () => {
  const own = {
    AZURE_TENANT_ID: "11111111-0000-4000-8000-000000000001",
    AZURE_CLIENT_ID: "22222222-0000-4000-8000-000000000001",
    AZURE_CLIENT_SECRET: "secret",
  };
  expect(loadedFor(["acme.azurecr.io"], own)).toEqual(["@azure"]);
});
