import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { askHelper } from "../../../provider/credentials/files/helper";
import { canary, useHome } from "./home";

const { find, home } = useHome();

/** A credential helper written in a few lines of Node; answers its folder, for PATH. */
async function helper(name: string, script: string): Promise<string> {
  const folder = join(home(), "bin");
  await mkdir(folder, { recursive: true });
  const path = join(folder, `docker-credential-${name}`);
  await writeFile(path, `#!${process.execPath}\n${script}`);
  await chmod(path, 0o755);
  return [folder, dirname(process.execPath)].join(delimiter);
}

const answers = (username: string, secret: string): string =>
  `process.stdin.on("data", (server) => console.log(JSON.stringify({ ServerURL: String(server), Username: "${username}", Secret: "${secret}" })));`;

test.each([
  ["credHelpers of the host", { credHelpers: { h: "mine" } }],
  ["credsStore", { credsStore: "mine", auths: { h: {} } }],
])("%s", async (_, docker) => {
  const environment = {
    PATH: await helper("mine", answers("u", "from-helper")),
  };
  await expect(find("h/a", { docker, environment })).resolves.toMatchObject({
    kind: "basic",
    username: "u",
    secret: "from-helper",
  });
});

test("W26: the user <token> means an identity token", async () => {
  const environment = { PATH: await helper("mine", answers("<token>", "t")) };
  await expect(
    find("h/a", { docker: { credsStore: "mine" }, environment }),
  ).resolves.toMatchObject({ kind: "identityToken", secret: "t" });
});

test("is asked for Docker Hub under the name that docker login stores", async () => {
  const script = `process.stdin.on("data", (server) => console.log(JSON.stringify({ Username: "u", Secret: String(server) })));`;
  const environment = { PATH: await helper("mine", script) };
  await expect(
    find("docker.io/library/nginx", {
      docker: { credsStore: "mine" },
      environment,
    }),
  ).resolves.toMatchObject({
    secret: "https://index.docker.io/v1/",
  });
});

test("that does not know the host is no error", async () => {
  const script = `console.log("credentials not found in native keychain"); process.exitCode = 1;`;
  const environment = { PATH: await helper("mine", script) };
  await expect(
    find("h/a", { docker: { credsStore: "mine" }, environment }),
  ).resolves.toMatchObject({ kind: "anonymous" });
});

test.each([
  [
    "N44: prints a secret on stderr and fails",
    `console.error("${canary}"); process.exitCode = 2;`,
  ],
  ["N47: prints garbage", `console.log("${canary}");`],
  [
    "N47: prints without end",
    `const more = () => process.stdout.write("${canary}".repeat(9000), more); more();`,
  ],
  [
    "N47: prints another shape",
    `console.log(JSON.stringify({ Password: "${canary}" }));`,
  ],
])("%s: an error that does not quote it", async (_, script) => {
  const environment = { PATH: await helper("mine", script) };
  const failure = await find("h/a", {
    docker: { credsStore: "mine" },
    environment,
  }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "CREDENTIALS" });
  expect(
    String(failure) + String(Reflect.get(Object(failure), "cause")),
  ).not.toContain(canary);
});

test.each(["../mine", "a b", "x;y", "", "mine/../mine"])(
  "N45: the helper name %j is not run",
  async (name) => {
    const environment = { PATH: await helper("mine", answers("u", "p")) };
    const found = find("h/a", {
      docker: { credHelpers: { h: name } },
      environment,
    });
    await expect(found).rejects.toMatchObject({ code: "CREDENTIALS" });
  },
);

test.each(["", ".", "bin", `${delimiter}bin`])(
  "N45: PATH %j finds nothing",
  async (path) => {
    await helper("mine", answers("u", "p"));
    const before = process.cwd();
    process.chdir(home());
    try {
      await expect(
        find("h/a", {
          docker: { credsStore: "mine" },
          environment: { PATH: path },
        }),
      ).rejects.toThrow(/not found in PATH; install it/);
    } finally {
      process.chdir(before);
    }
  },
);

describe("N47: a helper that hangs", () => {
  const call = async (script: string, signal: AbortSignal) =>
    askHelper({
      helper: "mine",
      server: "h",
      source: "the test",
      environment: { PATH: await helper("mine", script) },
      signal,
      timeoutMs: 200,
    });
  const never = `setInterval(() => undefined, 1000); console.log("${canary}");`;
  const withChild = `require("node:child_process").spawn(process.execPath, ["-e", "setTimeout(() => undefined, 5000)"], { stdio: "inherit" }); ${never}`;

  test.each([
    ["is ended", never],
    ["is ended with whoever holds its output", withChild],
  ])("%s, and told", async (_, script) => {
    const asked = call(script, new AbortController().signal);
    await expect(asked).rejects.toThrow(
      "could not read credentials from docker-credential-mine (the test): it did not end within 0.2 seconds; see what `echo h | docker-credential-mine get` says, or log in again",
    );
  });

  test("is ended when the operation is cancelled", async () => {
    const asked = call(never, AbortSignal.abort());
    await expect(asked).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
