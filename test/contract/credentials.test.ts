import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  findersOf,
  type CredentialsOptions,
} from "../../provider/credentials/catalog";
import type { Finder } from "../../provider/credentials/finder";
import type { Reach } from "../../provider/mirror/ports";

const canary = "canary-0815";
const auth = Buffer.from(`robot:${canary}`).toString("base64");
const reach: Reach = {
  send: () => Promise.reject(new Error("nobody is asked")),
  signal: new AbortController().signal,
  now: () => new Date("2026-11-21T00:00:00Z"),
};

/** How each source of the catalog is set up to hold one credential, and to be broken. A newcomer has to add itself here. */
interface Sample {
  readonly host: string;
  readonly holds?: CredentialsOptions;
  /** none where it cannot be: a variable is there or it is not */
  readonly broken?: CredentialsOptions;
}

const folder = mkdtempSync(join(tmpdir(), "credentials-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The environment of a home whose Docker configuration is this text. */
function home(name: string, config: string): Record<string, string> {
  const path = mkdtempSync(join(folder, name));
  writeFileSync(join(path, "config.json"), config);
  return { HOME: path, DOCKER_CONFIG: path };
}

/** A file of this text. */
function file(name: string, text: string): string {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, text);
  return path;
}

const host = "reg.example";
const auths = JSON.stringify({ auths: { [host]: { auth } } });
const given = { registry: host, username: "robot" };
const samples: readonly Sample[] = [
  {
    host,
    holds: { given: [{ ...given, password: canary }], environment: {} },
    broken: { given: [{ ...given, passwordEnv: "NOT_SET" }], environment: {} },
  },
  {
    host,
    holds: { given: [], environment: { DOCKER_AUTH_CONFIG: auths } },
    broken: { given: [], environment: { DOCKER_AUTH_CONFIG: `{${canary}` } },
  },
  {
    host,
    holds: {
      given: [],
      environment: { REGISTRY_AUTH_FILE: file("auth", auths) },
    },
    broken: {
      given: [],
      environment: { REGISTRY_AUTH_FILE: file("torn", `{${canary}`) },
    },
  },
  {
    host,
    holds: { given: [], environment: home("holds", auths) },
    broken: { given: [], environment: home("broken", `{${canary}`) },
  },
  {
    host: "ghcr.io",
    holds: { given: [], environment: { GITHUB_TOKEN: canary } },
  },
  {
    // what it holds is proven over a stand-in of its own (test/unit/credentials/ecr.test.ts)
    host: "123456789012.dkr.ecr.eu-central-1.amazonaws.com",
    broken: { given: [], environment: {} },
  },
  {
    // what it holds: test/unit/credentials/google.test.ts
    host: "europe-west1-docker.pkg.dev",
    broken: {
      given: [],
      environment: {
        GOOGLE_APPLICATION_CREDENTIALS: file("google", `{${canary}`),
      },
    },
  },
  {
    // what it holds: test/unit/credentials/azure.test.ts
    host: "acme.azurecr.io",
    broken: {
      given: [],
      environment: {
        AZURE_TENANT_ID: "t",
        AZURE_CLIENT_ID: "c",
        AZURE_CLIENT_SECRET: canary,
        AZURE_AUTHORITY_HOST: "http://not.https.example",
      },
    },
  },
];

const nothing = {
  given: [],
  environment: { HOME: folder, DOCKER_CONFIG: folder },
};
const rows = findersOf(nothing).map((finder, index) => ({
  name: finder.name,
  index,
}));

const finderOf = (options: CredentialsOptions, index: number): Finder => {
  const finder = findersOf(options)[index];
  if (!finder) throw new Error("the catalog became shorter");
  return finder;
};
const sampleOf = (index: number): Sample => {
  const sample = samples[index];
  if (!sample) throw new Error("a source of the catalog has no sample here");
  return sample;
};
const ask = async (finder: Finder, of: string) =>
  finder.concerns(of)
    ? finder.find(
        { host: of, repository: `${of}/team/app`, isFresh: true },
        reach,
      )
    : undefined;

beforeEach(() => {
  process.env.AWS_EC2_METADATA_DISABLED = "true";
  process.env.AWS_CONFIG_FILE = join(folder, "none");
  process.env.AWS_SHARED_CREDENTIALS_FILE = join(folder, "none");
});

test("every source has its sample", () => {
  expect(samples).toHaveLength(rows.length);
});

describe.each(rows)("the source $name", ({ index }) => {
  const { host: own, holds, broken } = sampleOf(index);

  test("has nothing for a host it knows nothing of", async () => {
    const finder = finderOf(holds ?? nothing, index);
    await expect(ask(finder, "other.example")).resolves.toBeUndefined();
  });

  test.each([`evil-${own}`, `${own}.evil.example`, `${own}:5001`])(
    "N17, N18: has nothing for the look-alike %s",
    async (alike) => {
      const finder = finderOf(holds ?? nothing, index);
      await expect(ask(finder, alike)).resolves.toBeUndefined();
    },
  );

  const gives = async (options: CredentialsOptions): Promise<void> => {
    const found = await ask(finderOf(options, index), own);
    expect(found).toMatchObject({ secret: canary });
  };
  if (holds) test("gives its credential for its own host", () => gives(holds));

  const fails = async (options: CredentialsOptions): Promise<void> => {
    const failed: unknown = await ask(finderOf(options, index), own).catch(
      (error: unknown) => error,
    );
    expect(failed).toMatchObject({ code: "CREDENTIALS" });
    expect(String(failed)).not.toContain(canary);
  };
  if (broken)
    test("N16: is an error when it is broken, and repeats no secret", () =>
      fails(broken));
});
