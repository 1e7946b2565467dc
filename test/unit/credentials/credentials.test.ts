import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { credentialFinder } from "../../../provider/credentials/catalog";
import { parseEcrHost } from "../../../provider/credentials/aws/ecrHost";
import { credentialSettings } from "../../../provider/credentials/settings";
import {
  longestMatches,
  normalizedKey,
} from "../../../provider/credentials/match";
import { canary, reach, useHome } from "./home";

const { find, home } = useHome();

const auth = (text: string): { auth: string } => ({
  auth: Buffer.from(text).toString("base64"),
});

describe("given by the provider's configuration", () => {
  const entry = { registry: "ghcr.io/acme", username: "u", password: "p" };

  test("wins over every other source", async () => {
    const docker = { auths: { "ghcr.io": auth("other:x") } };
    await expect(
      find("ghcr.io/acme/app", { given: [entry], docker }),
    ).resolves.toMatchObject({
      kind: "basic",
      username: "u",
      secret: "p",
      source: expect.stringContaining("ghcr.io/acme"),
    });
  });

  test.each([
    [
      "N53",
      [
        { ...entry, registry: "h/a" },
        { ...entry, registry: "h/ab", username: "ab" },
      ],
      "h/ab/x",
      "ab",
    ],
    [
      "the longest prefix",
      [
        { ...entry, registry: "h" },
        { ...entry, registry: "h/a", username: "a" },
      ],
      "h/a/x",
      "a",
    ],
    [
      "the whole name",
      [{ ...entry, registry: "h/a/x", username: "x" }],
      "h/a/x",
      "x",
    ],
    ["another port", [{ ...entry, registry: "h:5000" }], "h/a", undefined],
    [
      "N18: a suffix",
      [{ ...entry, registry: "registry.io" }],
      "evil-registry.io/a",
      undefined,
    ],
    [
      "N18: a prefix",
      [{ ...entry, registry: "registry.io" }],
      "registry.io.evil.test/a",
      undefined,
    ],
    [
      "N18: a port",
      [{ ...entry, registry: "registry.io" }],
      "registry.io:5001/a",
      undefined,
    ],
    [
      "Docker Hub by any of its names",
      [{ ...entry, registry: "https://index.docker.io/v1/" }],
      "docker.io/library/nginx",
      "u",
    ],
  ])("§4.2: %s", async (_, given, repository, username) => {
    const found = await find(repository, { given });
    expect(found?.kind === "basic" ? found.username : undefined).toBe(username);
  });

  test("§4.2.3: a tie is an error", async () => {
    await expect(
      find("ghcr.io/acme/app", { given: [entry, { ...entry, username: "v" }] }),
    ).rejects.toMatchObject({ code: "CREDENTIALS" });
  });

  test("a variable is read at the moment of use", async () => {
    const given = [{ registry: "h", username: "u", passwordEnv: "HUB_TOKEN" }];
    const environment: Record<string, string> = {
      HOME: home(),
      HUB_TOKEN: "first",
    };
    const finder = credentialFinder({ given, environment });
    await expect(finder("h/a", reach)).resolves.toMatchObject({
      secret: "first",
    });
    environment["HUB_TOKEN"] = "second";
    await expect(finder("h/a", reach)).resolves.toMatchObject({
      secret: "second",
    });
  });

  test("N16: a variable that is not set is an error, not nobody", async () => {
    await expect(
      find("h/a", {
        given: [{ registry: "h", username: "u", passwordEnv: "NONE" }],
      }),
    ).rejects.toThrow(/NONE is not set/);
  });

  test.each([
    ["identityToken", "identityToken"],
    ["registryToken", "registryToken"],
  ] as const)("%s", async (property, kind) => {
    await expect(
      find("h/a", { given: [{ registry: "h", [property]: "t" }] }),
    ).resolves.toMatchObject({ kind, secret: "t" });
  });

  test.each([
    ["nothing secret", { registry: "h", username: "u" }],
    [
      "two secrets",
      { registry: "h", username: "u", password: "p", passwordEnv: "P" },
    ],
    ["a password for nobody", { registry: "h", password: "p" }],
    ["no registry", { username: "u", password: "p" }],
    ["an unknown word", { registry: "h", username: "u", pasword: "p" }],
  ])("the schema refuses %s", (_, input) => {
    expect(credentialSettings.safeParse(input).success).toBe(false);
  });
});

describe("docker's configuration", () => {
  test.each([
    ["a host", "h", "h/a"],
    ["a host with a scheme", "https://h", "h/a"],
    ["a host with v1", "https://h/v1/", "h/a"],
    ["a host with a port", "h:5000", "h:5000/a"],
    [
      "Docker Hub's old name",
      "https://index.docker.io/v1/",
      "docker.io/library/nginx",
    ],
    ["a path", "h/team", "h/team/app"],
  ])("%s", async (_, key, repository) => {
    await expect(
      find(repository, { docker: { auths: { [key]: auth("u:p:q") } } }),
    ).resolves.toMatchObject({
      kind: "basic",
      username: "u",
      secret: "p:q", // split at the first colon
    });
  });

  test("a trailing NUL of the secret is cut off", async () => {
    await expect(
      find("h/a", { docker: { auths: { h: auth("u:p\0") } } }),
    ).resolves.toMatchObject({ secret: "p" });
  });

  test.each([
    ["identitytoken", "identityToken"],
    ["registrytoken", "registryToken"],
  ])("%s", async (property, kind) => {
    await expect(
      find("h/a", {
        docker: { auths: { h: { ...auth("u:p"), [property]: "t" } } },
      }),
    ).resolves.toMatchObject({ kind, secret: "t" });
  });

  test("DOCKER_CONFIG names the folder", async () => {
    await writeFile(
      join(home(), "config.json"),
      JSON.stringify({ auths: { h: auth("u:elsewhere") } }),
    );
    await expect(
      find("h/a", { environment: { DOCKER_CONFIG: home() } }),
    ).resolves.toMatchObject({ secret: "elsewhere" });
  });

  test("DOCKER_AUTH_CONFIG comes before the file", async () => {
    const environment = {
      DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { h: auth("u:variable") } }),
    };
    await expect(
      find("h/a", { environment, docker: { auths: { h: auth("u:file") } } }),
    ).resolves.toMatchObject({ secret: "variable" });
  });

  test("nobody has one: anonymous, and it says who was asked", async () => {
    await expect(find("h/a", { docker: { auths: {} } })).resolves.toMatchObject(
      {
        kind: "anonymous",
        tried: [
          expect.stringContaining("auth.json"),
          expect.stringContaining("config.json"),
        ],
      },
    );
  });

  test.each([
    ["no JSON", `{"auths": {"h": {"auth": "${canary}"`],
    ["another shape", { auths: { h: { auth: [canary] } } }],
    ["an auth that is no pair", { auths: { h: auth(canary) } }],
  ])("N16, N44: %s is an error that does not quote it", async (_, docker) => {
    const failure = await find("h/a", { docker }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: "CREDENTIALS" });
    expect(
      String(failure) +
        JSON.stringify(failure) +
        String(Reflect.get(Object(failure), "cause")),
    ).not.toContain(canary);
  });
});

test("§4.2.7: the same secret has the same handle, and the handle does not hold it", async () => {
  const given = [{ registry: "h", username: "u", password: canary }];
  const finder = credentialFinder({ given, environment: { HOME: home() } });
  const [one, two] = [await finder("h/a", reach), await finder("h/b", reach)];
  expect(one?.id).toBe(two?.id);
  expect(one?.id).not.toContain(canary);
});

test.each([
  [
    "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    { region: "us-east-1", isFips: false, isDualstack: false },
  ],
  [
    "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
    { region: "us-gov-west-1", isFips: true, isDualstack: false },
  ],
  [
    "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
    { region: "cn-north-1", isFips: false, isDualstack: false },
  ],
  [
    "123456789012.dkr-ecr.eu-west-1.on.aws",
    { region: "eu-west-1", isFips: false, isDualstack: true },
  ],
  ["123456789012.dkr.ecr.us-east-1.amazonaws.com.attacker.test", undefined],
  ["x123456789012.dkr.ecr.us-east-1.amazonaws.com", undefined],
  ["12345678901.dkr.ecr.us-east-1.amazonaws.com", undefined],
  ["123456789012.dkr.ecr.us-east-1.amazonaws.com:443", undefined],
  ["123456789012xdkrxecr.us-east-1.amazonaws.com", undefined],
  ["public.ecr.aws", undefined],
  ["public.ecr.aws.fake.test", undefined],
])("N17: %s is read as %j", (host, expected) => {
  expect(parseEcrHost(host)).toEqual(expected);
});

test.each([
  ["https://index.docker.io/v1/", "docker.io"],
  ["registry-1.docker.io", "docker.io"],
  ["index.docker.io/v1", "docker.io"],
  ["GHCR.io/Acme/", "ghcr.io/Acme"],
  ["http://h:5000/x/y", "h:5000"],
])("a key %s is %s", (key, expected) => {
  expect(normalizedKey(key)).toBe(expected);
});

test("whole segments match, and only the longest ones are answered", () => {
  const entries = [
    ["h", 1],
    ["h/a", 2],
    ["h/ab", 3],
  ] as const;
  expect(longestMatches(entries, "h/ab/c")).toEqual([["h/ab", 3]]);
  expect(longestMatches(entries, "h/abc")).toEqual([["h", 1]]);
  expect(longestMatches(entries, "other/a")).toEqual([]);
});
