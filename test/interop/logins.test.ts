import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { credentialFinder } from "../../provider/credentials/catalog";
import { installPeers, type PeerName, type PeerTool } from "../peers/tools";
import { startRegistry, type TestRegistry } from "../registry/registry";
import { describeWithGo } from "./tools";

const minuteMs = 60_000;
const password = "p:w with a colon, a space and ü";

/** How each tool logs in, and the file below the home directory into which it writes. */
const logins: readonly (readonly [
  tool: PeerName,
  what: string,
  words: (host: string) => readonly string[],
  file: string,
  repositories: Readonly<Record<string, boolean>>,
])[] = [
  [
    "crane",
    "docker's file",
    (host) => ["auth", "login", host, "-u", "mirror", "-p", password],
    ".docker/config.json",
    { "team/app": true, "other/app": true },
  ],
  [
    "oras",
    "docker's file",
    (host) => ["login", host, "--plain-http", "-u", "mirror", "-p", password],
    ".docker/config.json",
    { "team/app": true, "other/app": true },
  ],
  [
    "skopeo",
    "podman's file, for a host",
    (host) => [
      "login",
      host,
      "--tls-verify=false",
      "-u",
      "mirror",
      "-p",
      password,
    ],
    "run/containers/auth.json",
    { "team/app": true, "other/app": true },
  ],
  [
    "skopeo",
    "podman's file, for a part of a host",
    (host) => [
      "login",
      `${host}/team`,
      "--tls-verify=false",
      "-u",
      "mirror",
      "-p",
      password,
    ],
    "run/containers/auth.json",
    { "team/app": true, "teamwork/app": false, "other/app": false },
  ],
];

describeWithGo("what the field's tools write at a login, we read", () => {
  let tools: readonly PeerTool[] = [];
  let registry: TestRegistry;
  let home = "";
  beforeAll(() => {
    tools = installPeers();
  }, 10 * minuteMs);
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "logins-"));
    await mkdir(join(home, "run"));
    registry = await startRegistry({
      auth: "basic",
      users: { mirror: { password, allows: ["*:*:*"] } },
    });
  });
  afterEach(async () => {
    await registry.close();
    await rm(home, { recursive: true, force: true });
  });

  test.each(logins)(
    "%s: %s",
    async (name, _, words, file, repositories) => {
      const [program = "", ...first] =
        tools.find((tool) => tool.name === name)?.command ?? [];
      if (program === "") return; // said on stderr
      const environment = {
        HOME: home,
        XDG_RUNTIME_DIR: join(home, "run"),
        PATH: process.env["PATH"],
      };
      const all = [...first, ...words(registry.host)];
      await promisify(execFile)(program, all, { env: environment });
      const find = credentialFinder({ given: [], environment });
      for (const [repository, isTheirs] of Object.entries(repositories)) {
        const found = await find(`${registry.host}/${repository}`, {
          send: () => Promise.reject(new Error("nobody is asked")),
          signal: AbortSignal.timeout(minuteMs),
          now: () => new Date(),
        });
        expect(found).toMatchObject(
          isTheirs
            ? {
                kind: "basic",
                username: "mirror",
                secret: password,
                source: expect.stringContaining(join(home, file)),
              }
            : { kind: "anonymous" },
        );
      }
    },
    minuteMs,
  );
});
