import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { placesOf } from "../../../provider/credentials/files/containersAuth";
import { canary, useHome } from "./home";

const { find, home } = useHome();

const auth = (text: string): { auth: string } => ({ auth: btoa(text) });
const only = (key: string, text: string): unknown => ({
  auths: { [key]: auth(text) },
});

/** Writes a document below the home directory; answers its path. */
async function write(path: string, document: unknown): Promise<string> {
  const whole = join(home(), path);
  await mkdir(dirname(whole), { recursive: true });
  const text =
    typeof document === "string" ? document : JSON.stringify(document);
  await writeFile(whole, text);
  return whole;
}

const runtimeFile = "run/containers/auth.json";
const configFile = ".config/containers/auth.json";

test.each([
  ["REGISTRY_AUTH_FILE", ["named.json", runtimeFile, configFile]],
  ["the runtime folder", [runtimeFile, configFile]],
  ["the configuration folder", [configFile]],
  ["docker's own", []],
])("§4.1: %s comes before what stands behind it", async (_, files) => {
  for (const file of files) await write(file, only("h", `u:${file}`));
  const environment = {
    XDG_RUNTIME_DIR: join(home(), "run"),
    ...(files[0] === "named.json"
      ? { REGISTRY_AUTH_FILE: join(home(), "named.json") }
      : {}),
  };
  const docker = only("h", "u:docker");
  await expect(find("h/a", { docker, environment })).resolves.toMatchObject({
    secret: files[0] ?? "docker",
  });
});

test("a file that does not know the repository leaves it to the next one", async () => {
  const environment = { XDG_CONFIG_HOME: join(home(), "elsewhere") };
  await write("elsewhere/containers/auth.json", only("other", "u:p"));
  const docker = only("h", "u:docker");
  await expect(find("h/a", { docker, environment })).resolves.toMatchObject({
    secret: "docker",
    tried: [expect.stringContaining("elsewhere/containers/auth.json")],
  });
});

test.each([
  ["h/ns/app", "repository"],
  ["h/ns/other", "namespace"],
  ["h/nsx/app", "host"],
  ["h/NS/app", "host"],
  ["docker.io/library/nginx", "hub"],
  ["docker.io/team/app", "hub team"],
])("§4.1: the longest path has it: %s by the %s's entry", async (at, who) => {
  await write(configFile, {
    auths: {
      h: auth("u:host"),
      "h/ns": auth("u:namespace"),
      "h/ns/app": auth("u:repository"),
      "docker.io": auth("u:hub"),
      "docker.io/team": auth("u:hub team"),
    },
  });
  await expect(find(at, {})).resolves.toMatchObject({ secret: who });
});

test("a key with v2 behind the host is a path: only docker means the host by it", async () => {
  await write(configFile, only("h/v2", "u:p"));
  await expect(find("h/a", {})).resolves.toMatchObject({ kind: "anonymous" });
  await expect(find("h/v2/a", {})).resolves.toMatchObject({ secret: "p" });
});

test("N16: a file that REGISTRY_AUTH_FILE names and that is not there is an error, not nobody", async () => {
  const path = join(home(), "gone.json");
  await expect(
    find("h/a", { environment: { REGISTRY_AUTH_FILE: path } }),
  ).rejects.toThrow(
    `could not read credentials from ${path}: the file that REGISTRY_AUTH_FILE names is not there; log in, or take the variable away`,
  );
});

test.each([
  ["no JSON", `{"auths": {"h": {"auth": "${canary}"`],
  ["another shape", { auths: { h: { auth: [canary] } } }],
  ["an auth that is no pair", only("h", canary)],
])("N16, N44: %s is an error that does not quote it", async (_, document) => {
  await write(configFile, document);
  const failure = await find("h/a", { docker: only("h", "u:docker") }).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ code: "CREDENTIALS" });
  expect(String(failure)).not.toContain(canary);
});

test("N16: a helper of the host that is missing is an error, and docker's file is not asked instead", async () => {
  await write(configFile, { credHelpers: { h: "missing" } });
  await expect(find("h/a", { docker: only("h", "u:docker") })).rejects.toThrow(
    /docker-credential-missing .*not found in PATH/,
  );
});

test.each([
  ["linux", 0, "/run/containers/0/auth.json"],
  ["linux", 1000, "/run/containers/1000/auth.json"],
  ["darwin", 501, undefined],
  ["win32", undefined, undefined],
] as const)(
  "without a runtime folder, on %s as user %s the first place is %s",
  (platform, uid, expected) => {
    const machine =
      uid === undefined ? { platform } : { platform, getuid: () => uid };
    const config = "/home/u/.config/containers/auth.json";
    expect(placesOf({ HOME: "/home/u" }, machine)).toEqual(
      expected === undefined ? [config] : [expected, config],
    );
  },
);
