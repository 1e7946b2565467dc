import * as pulumi from "@pulumi/pulumi";
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { tmpdir } from "node:os";
import { nodejsSdk } from "../../../sdk/generator/nodejs";
import { fakeSchema } from "./fakeKind";

const files = nodejsSdk(fakeSchema);
const tsc = resolve("node_modules/.bin/tsc");

const goodProgram = `
import * as pulumi from "@pulumi/pulumi";
import * as sdk from "./index";
const policy: sdk.types.input.PolicyArgs = { signedBy: [{ publicKey: pulumi.output("pem"), tlog: "required" }] };
const thing = new sdk.Thing("thing", { source: "a", policy, labels: { a: "b" }, free: { deep: { er: 1 } } });
export const ref: pulumi.Output<string> = thing.ref;
export const keys: pulumi.Output<sdk.types.output.Key[] | undefined> = thing.keys;
new sdk.Provider("corp", { credentials: [{ registry: "r", password: pulumi.secret("p") }], trustRefresh: "tuf" });
sdk.Thing.get("old", "id", { provider: new sdk.Provider("other") });
const plain: sdk.types.input.Policy = { signedBy: [{ publicKey: "pem" }] };
export const asked: Promise<string> = sdk.askThing({ source: "a", policy: plain }).then(({ digest }) => digest);
export const answer: pulumi.Output<sdk.AskThingResult> = sdk.askThingOutput({ source: thing.ref, policy });
`;

const badProgram = `
import * as pulumi from "@pulumi/pulumi";
import * as sdk from "./index";
new sdk.Thing("no policy", { source: "a" });
new sdk.Thing("no such word", { source: "a", policy: { signedBy: [{ publicKey: "p", tlog: "maybe" }] } });
new sdk.Thing("no such property", { source: "a", policy: {}, sauce: "b" });
sdk.askThing({});
sdk.askThing({ source: pulumi.output("a") });
sdk.askThingOutput({ source: "a", policy: { signedBy: "b" } });
`;

describe("the TypeScript SDK", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sdk-"));
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
    for (const [path, text] of files) write(path, text);
    write("tsconfig.json", JSON.stringify({ compilerOptions }));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("type-checks with a program that uses every kind of property", () => {
    write("good.ts", goodProgram);
    expect(compile("good.ts")).toBe("");
  });

  test("refuses a missing argument, a word that is not allowed, and an unknown property", () => {
    write("bad.ts", badProgram);
    const complaints = compile("bad.ts").match(/bad\.ts\(\d+/g);
    const lines = [4, 5, 6, 7, 8, 9];
    expect(complaints).toEqual(lines.map((line) => `bad.ts(${line}`));
  });

  test("registers what the program declares, secrets hidden, nested configuration as JSON", async () => {
    write("run.ts", goodProgram);
    compile("run.ts");
    const seen = new Map<string, pulumi.runtime.MockResourceArgs>();
    await pulumi.runtime.setMocks({
      call: () => ({}),
      newResource: (args) => {
        seen.set(args.name, args);
        return { id: `${args.name}-id`, state: { ref: "made" } };
      },
    });
    const program = require(join(folder, "out", "run.js"));
    await expect(promised(program.ref)).resolves.toBe("made");
    await pulumi.runtime.disconnect();
    expect(seen.get("thing")).toMatchObject({
      type: "artifact-mirror:index:Thing",
      inputs: {
        source: "a",
        policy: { signedBy: [{ publicKey: "pem", tlog: "required" }] },
      },
    });
    expect(seen.get("corp")?.type).toBe("pulumi:providers:artifact-mirror");
    expect(seen.get("corp")?.inputs).toMatchObject({
      credentials: {
        [secretMark]: expect.any(String),
        value: '[{"registry":"r","password":"p"}]',
      },
      trustRefresh: "tuf",
    });
  });

  test("says which argument is missing when no compiler did", () => {
    write("missing.ts", goodProgram);
    compile("missing.ts");
    const { Thing } = require(join(folder, "out", "index.js"));
    expect(() => new Thing("bare", { source: "a" })).toThrow(
      "Missing required property 'policy'",
    );
  });

  test("asks for the provider of its own version", () => {
    expect(files.get("utilities.ts")).toContain('return "1.2.3";');
  });

  test("ends no comment early", () => {
    expect(files.get("thing.ts")).toContain("With *&#47; a trap.");
  });

  function write(path: string, text: string): void {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** What the compiler complained about; empty when it is content. */
  function compile(file: string): string {
    write("tsconfig.json", JSON.stringify({ compilerOptions, files: [file] }));
    return spawnSync(tsc, ["-p", folder], { encoding: "utf8" }).stdout;
  }
});

const compilerOptions = {
  module: "nodenext",
  target: "es2022",
  strict: true,
  declaration: true,
  skipLibCheck: true,
  noUnusedLocals: true,
  noImplicitOverride: true,
  types: ["node"],
  outDir: "out",
};

/** How the wire says "secret": pulumi/sdk/proto, resource properties. */
const secretMark = "4dabf18193072939515e22adb298388d";

function promised<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((done) => output.apply(done));
}
