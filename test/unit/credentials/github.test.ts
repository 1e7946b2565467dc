import { useHome } from "./home";

const { find } = useHome();

test.each([
  ["GITHUB_TOKEN", { GITHUB_TOKEN: "t" }, "x-access-token"],
  ["GH_TOKEN", { GH_TOKEN: "t" }, "x-access-token"],
  ["both: the job's", { GITHUB_TOKEN: "t", GH_TOKEN: "x" }, "x-access-token"],
  ["a job's actor", { GITHUB_TOKEN: "t", GITHUB_ACTOR: "octo" }, "octo"],
])("ghcr.io: %s", async (_, environment, username) => {
  await expect(
    find("ghcr.io/acme/app", { environment }),
  ).resolves.toMatchObject({ kind: "basic", username, secret: "t" });
});

test("its source is the variable, by name, for messages", async () => {
  await expect(
    find("ghcr.io/acme/app", { environment: { GH_TOKEN: "t" } }),
  ).resolves.toMatchObject({ source: "the environment variable GH_TOKEN" });
});

test.each([
  "ghcr.io.attacker.test/a",
  "evil-ghcr.io/a",
  "x.ghcr.io/a",
  "ghcr.io:443/a",
  "github.com/a",
  "docker.io/library/ghcr.io",
])("N17: %s does not see it", async (repository) => {
  const environment = { GITHUB_TOKEN: "t" };
  await expect(find(repository, { environment })).resolves.toMatchObject({
    kind: "anonymous",
  });
});

test("§4.2.3: who has logged in, has: the variable stands behind docker's configuration", async () => {
  const docker = { auths: { "ghcr.io": { auth: btoa("u:docker") } } };
  const environment = { GITHUB_TOKEN: "t" };
  await expect(
    find("ghcr.io/acme/app", { docker, environment }),
  ).resolves.toMatchObject({ secret: "docker" });
});

test("a public package of others is read without it by an entry that says so", async () => {
  const given = [{ registry: "ghcr.io/others", anonymous: true }];
  const environment = { GITHUB_TOKEN: "t" };
  const setting = { given, environment };
  await expect(find("ghcr.io/others/app", setting)).resolves.toMatchObject({
    kind: "anonymous",
    source: "the provider's `credentials`, entry ghcr.io/others",
  });
  await expect(find("ghcr.io/acme/app", setting)).resolves.toMatchObject({
    secret: "t",
  });
});
