import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type Metafile } from "esbuild";

const clouds = [
  "@aws-sdk/client-ecr",
  "@aws-sdk/client-ecr-public",
  "@aws-sdk/credential-providers",
  "google-auth-library",
  "@azure/identity",
];

let folder = "";
let metafile: Metafile | undefined;

/** The finders in one file, on a machine where no cloud's library is installed. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "clouds-"));
  const outfile = join(folder, "catalog.cjs");
  const built = await build({
    entryPoints: [join(__dirname, "../../../provider/credentials/catalog.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    metafile: true,
    external: clouds,
    logLevel: "silent",
  });
  metafile = built.metafile;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the finders say about a repository, asked in a process of their own. */
async function found(repository: string): Promise<string> {
  const script = `
    const { credentialFinder } = require("./catalog.cjs");
    const reach = { send: () => Promise.reject(new Error("offline")), signal: new AbortController().signal, now: () => new Date() };
    credentialFinder({ given: [], environment: process.env })(${JSON.stringify(repository)}, reach)
      .then(({ kind }) => console.log(kind), (error) => console.log(error.message));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["-e", script],
    { cwd: folder, env: { HOME: folder, AWS_ACCESS_KEY_ID: "x" } },
  );
  return stdout.trim();
}

test.each([
  ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/app", "@aws-sdk/client-ecr"],
  ["public.ecr.aws/team/app", "@aws-sdk/client-ecr-public"],
])("for %s it is %s", async (repository, library) => {
  await expect(found(repository)).resolves.toContain(
    `Cannot find package '${library}'`,
  );
});

test("every cloud's library is imported at the moment of use only", () => {
  const imports = Object.values(metafile?.inputs ?? {})
    .flatMap((input) => input.imports)
    .filter(({ path }) => clouds.includes(path));
  expect(new Set(imports.map(({ path }) => path))).toEqual(new Set(clouds));
  expect(new Set(imports.map(({ kind }) => kind))).toEqual(
    new Set(["dynamic-import"]),
  );
});
