import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentialFinder } from "../../../provider/credentials/catalog";
import type { CredentialSettings } from "../../../provider/credentials/settings";
import type { Credential } from "../../../provider/mirror/credential";
import type { Reach } from "../../../provider/mirror/ports";

/** Stands for every secret that may not be repeated. */
export const canary = "canary-4711";

/** Credentials are found without the network. */
export const reach: Reach = {
  send: async () => {
    throw new Error("nobody is asked");
  },
  signal: new AbortController().signal,
  now: () => new Date("2026-01-01T00:00:00Z"),
};

export interface Setting {
  readonly given?: readonly CredentialSettings[];
  readonly environment?: Readonly<Record<string, string>>;
  /** docker's config.json in the home directory: a document, or text that is none */
  readonly docker?: unknown;
}

export interface Home {
  /** the home directory of the test that runs */
  readonly home: () => string;
  readonly find: (
    repository: string,
    setting: Setting,
  ) => Promise<Credential | undefined>;
}

/** An empty home directory for every test of one file. */
export function useHome(): Home {
  let home = "";
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "credentials-"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  return {
    home: () => home,
    find: async (repository, setting) => {
      const { given = [], environment = {}, docker } = setting;
      if (docker !== undefined) await writeDocker(home, docker);
      return credentialFinder({
        given,
        environment: { HOME: home, ...environment },
      })(repository, reach);
    },
  };
}

async function writeDocker(home: string, docker: unknown): Promise<void> {
  const text = typeof docker === "string" ? docker : JSON.stringify(docker);
  await mkdir(join(home, ".docker"), { recursive: true });
  await writeFile(join(home, ".docker", "config.json"), text);
}
