import { isAwsHost } from "../../../provider/credentials/aws/aws";
import { credentialFinder } from "../../../provider/credentials/catalog";
import { canary, reach, useHome } from "./home";

const { find, home } = useHome();

const auth = (who: string): { auth: string } => ({ auth: btoa(`u:${who}`) });

/** One entry for each key, whose secret is `<source> <key>`. */
const auths = (source: string, keys: readonly string[]): string =>
  JSON.stringify({
    auths: Object.fromEntries(
      keys.map((key) => [key, auth(`${source} ${key}`)]),
    ),
  });
const given = (keys: readonly string[]) =>
  keys.map((registry) => ({
    registry,
    username: "u",
    password: `given ${registry}`,
  }));

interface Row {
  readonly given?: readonly string[];
  readonly variable?: readonly string[];
  readonly docker?: readonly string[];
  readonly gitHub?: string;
}

describe("§4.2: the first source that has one decides, and in it the longest whole-segment prefix", () => {
  test.each<[string, Row, string, string | undefined]>([
    [
      "an entry, before a longer key of docker's",
      { given: ["h"], docker: ["h/a/x"] },
      "h/a/x",
      "given h",
    ],
    [
      "the variable, before a longer key of docker's",
      { variable: ["h"], docker: ["h/a"] },
      "h/a/x",
      "variable h",
    ],
    [
      "docker's key, where the variable's is for another path",
      { variable: ["h/b"], docker: ["h"] },
      "h/a",
      "docker h",
    ],
    [
      "docker's host, where no entry's path is the repository's",
      { given: ["h/a/x"], docker: ["h"] },
      "h/a/xy",
      "docker h",
    ],
    [
      "the whole name, before its prefix",
      { given: ["h", "h/a", "h/a/x"] },
      "h/a/x",
      "given h/a/x",
    ],
    [
      "its prefix, for what only begins alike",
      { given: ["h", "h/a", "h/a/x"] },
      "h/a/x1",
      "given h/a",
    ],
    ["N53: /ab, never /a", { given: ["h/a", "h/ab"] }, "h/ab/x", "given h/ab"],
    ["N53: nobody, where only /a is", { given: ["h/a"] }, "h/ab/x", undefined],
    ["a path in its own case", { given: ["h/A", "h"] }, "h/a/x", "given h"],
    [
      "a host in any case",
      { given: ["REG.example"] },
      "reg.example/a",
      "given REG.example",
    ],
    [
      "a port, for itself",
      { given: ["h:5000", "h"] },
      "h:5000/a",
      "given h:5000",
    ],
    [
      "Docker Hub by index.docker.io",
      { docker: ["https://index.docker.io/v1/"] },
      "docker.io/library/x",
      "docker https://index.docker.io/v1/",
    ],
    [
      "Docker Hub by registry-1",
      { given: ["registry-1.docker.io"] },
      "docker.io/acme/x",
      "given registry-1.docker.io",
    ],
    [
      "Docker Hub's part",
      { given: ["docker.io", "index.docker.io/acme"] },
      "docker.io/acme/x",
      "given index.docker.io/acme",
    ],
    [
      "an entry, before GitHub's variable",
      { given: ["ghcr.io/acme"], gitHub: "t" },
      "ghcr.io/acme/x",
      "given ghcr.io/acme",
    ],
    [
      "GitHub's variable, where the entry is for others",
      { given: ["ghcr.io/acme"], gitHub: "t" },
      "ghcr.io/other/x",
      "t",
    ],
  ])("%s", async (_, row, repository, secret) => {
    const found = await find(repository, {
      given: given(row.given ?? []),
      docker: auths("docker", row.docker ?? []),
      environment: {
        ...(row.variable && {
          DOCKER_AUTH_CONFIG: auths("variable", row.variable),
        }),
        ...(row.gitHub && { GITHUB_TOKEN: row.gitHub }),
      },
    });
    expect(found?.kind === "anonymous" ? undefined : found?.secret).toBe(
      secret,
    );
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ["two entries", ["h/a", "h/a/"], []],
    ["two names of Docker Hub", ["docker.io", "index.docker.io"], []],
    ["two of docker's keys", [], ["h", "https://h"]],
    [
      "two of docker's names of Docker Hub",
      [],
      ["docker.io", "https://index.docker.io/v1/"],
    ],
  ])("a tie is an error that names it: %s", async (_, entries, keys) => {
    const repository = [...entries, ...keys].some((key) =>
      key.includes("docker"),
    )
      ? "docker.io/a/x"
      : "h/a/x";
    await expect(
      find(repository, {
        given: given(entries),
        docker: auths("docker", keys),
      }),
    ).rejects.toThrow(/two entries are for .*; leave one of them/);
  });

  test("a tie elsewhere does not concern us", async () => {
    await expect(
      find("h/b", { given: given(["h/a", "h/a", "h"]) }),
    ).resolves.toMatchObject({ secret: "given h" });
  });
});

test.each([
  ["the variable", { DOCKER_AUTH_CONFIG: `{${canary}` }],
  ["podman's file", { REGISTRY_AUTH_FILE: "/nonexistent/auth.json" }],
])(
  "N16: where %s is broken, docker's own is not asked instead",
  async (_, environment) => {
    await expect(
      find("h/a", { environment, docker: auths("docker", ["h"]) }),
    ).rejects.toMatchObject({ code: "CREDENTIALS" });
  },
);

test("N16: a broken source that stands behind the one that has it does not matter", async () => {
  await expect(
    find("h/a", { given: given(["h"]), docker: "no JSON" }),
  ).resolves.toMatchObject({ secret: "given h" });
});

test("N54: two repositories of one host with logins of their own have two handles, and the same login has one", async () => {
  const finder = credentialFinder({
    given: [
      ...given(["h/a", "h/b"]),
      { registry: "h/c", username: "u", password: "given h/a" },
    ],
    environment: { HOME: home() },
  });
  const [a, b, c] = await Promise.all(
    ["h/a/x", "h/b/x", "h/c/x"].map((repository) => finder(repository, reach)),
  );
  expect(a?.id).not.toBe(b?.id);
  expect(a?.id).toBe(c?.id);
});

test("who was asked before is told, in order", async () => {
  const found = await find("h/a", {
    given: given(["other"]),
    environment: { DOCKER_AUTH_CONFIG: auths("variable", ["other"]) },
    docker: auths("docker", ["h"]),
  });
  expect(found?.tried).toEqual([
    "the provider's `credentials`",
    "DOCKER_AUTH_CONFIG",
    expect.stringContaining("auth.json"),
  ]);
  expect(found?.source).toMatch(/\.docker\/config\.json, entry h$/);
});

const account = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
test.each([
  account,
  "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com",
  "123456789012.dkr-ecr.us-east-1.on.aws",
  "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
  "123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn",
  "123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov",
  "public.ecr.aws",
])("N17: %s is AWS's", (host) => {
  expect(isAwsHost(host)).toBe(true);
});

test.each([
  `${account}.attacker.test`,
  `${account}:443`,
  `${account}.`,
  `x${account}`,
  `x.${account}`,
  `attacker.test\n${account}`,
  `${account}\n`,
  account.replace("1", "a"),
  account.replace("123456789012", "1234567890123"),
  account.replace(".dkr.", "xdkrx"),
  account.replace("amazonaws.com", "amazonaws.com.attacker.test"),
  account.replace("amazonaws.com", "amazonaws.community"),
  account.replace("us-east-1", "us-east-1.attacker"),
  "public.ecr.aws.fake.test",
  "publicxecr.aws",
  "public.ecr.aws.",
  "PUBLIC.ECR.AWS.attacker.test",
])("N17: %j is not AWS's", (host) => {
  expect(isAwsHost(host)).toBe(false);
});
