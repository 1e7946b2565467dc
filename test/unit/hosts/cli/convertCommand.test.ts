import { commandLine } from "./commandLine";
import { emptyFolder, type Folder } from "./folder";

const regsync = `
creds:
  - registry: corp.example:5000
    pass: s3cr3t-word
sync:
  - source: up.example/app:1
    target: corp.example:5000/app:1
    type: image
    schedule: 1 2 * * *
`;

describe("npx pulumi-artifact-mirror convert", () => {
  let folder: Folder;
  beforeEach(() => {
    folder = emptyFolder();
    folder.write("regsync.yml", regsync);
  });
  afterEach(() => folder.remove());
  const convert = (...line: readonly string[]) =>
    commandLine(["convert", ...line], { folder: folder.path });

  test("writes an estate and lists what is not in it, with lines and reasons", async () => {
    const { code, printed, complained } = await convert("regsync.yml");
    expect({ code, complained }).toEqual({ code: 0, complained: "" });
    expect(printed).toMatch(
      /^regsync.yml \(regsync\) → estate.yaml: 1 artifact, 0 repositories$/m,
    );
    expect(printed).toMatch(
      /^ {2}line 9 {2}sync\[0\]\.schedule: the pipeline/m,
    );
    expect(printed).toMatch(
      /^ {2}line 4 {2}creds\[0\]\.pass: a login has no place/m,
    );
    expect(printed).toContain("Different here, for every entry:");
    expect(printed).toContain("policies.converted of estate.yaml");
    expect(printed + folder.read("estate.yaml")).not.toContain("s3cr3t");
  });

  test("the estate is refused until it says who must have signed", async () => {
    await convert("regsync.yml");
    const estate = () =>
      commandLine(["estate", "estate.yaml"], { folder: folder.path });
    const before = await estate();
    expect(before.code).toBe(2);
    expect(before.complained).toMatch(
      /^error: .*\n.*estate\.yaml:\d+:\d+: policies\.converted: is empty: say who/,
    );
    const text = folder.read("estate.yaml");
    folder.write(
      "estate.yaml",
      text.replace("converted: {}", "converted: { unverified: a test }"),
    );
    const after = await estate();
    expect(after).toMatchObject({ code: 0, complained: "" });
    expect(after.printed).toMatch(
      /^app-1 +artifact +up.example\/app:1 +corp.example:5000\/app:1 +converted$/m,
    );
  });

  test("with a reason, nothing is verified, and the estate is good as it is", async () => {
    const { printed } = await convert("regsync.yml", "--unverified", "a lab");
    expect(printed).not.toContain("Next:");
    const { code } = await commandLine(["estate", "estate.yaml"], {
      folder: folder.path,
    });
    expect(code).toBe(0);
    expect(folder.read("estate.yaml")).toContain("unverified: a lab");
  });

  test("never writes over a file, unless that is asked for", async () => {
    folder.write("estate.yaml", "mine");
    const { code, complained } = await convert("regsync.yml");
    expect(code).toBe(1);
    expect(complained).toMatch(/^error: could not write .* --force$/);
    expect(folder.read("estate.yaml")).toBe("mine");
    expect((await convert("regsync.yml", "--force")).code).toBe(0);
    expect(folder.read("estate.yaml")).toContain("app-1");
    expect((await convert("regsync.yml", "--out", "other.yaml")).code).toBe(0);
    expect(
      (await convert("regsync.yml", "--out", "no/such/a.yaml")).complained,
    ).toMatch(/^error: could not write .*ENOENT/);
  });

  test("to stdout, the estate is all that is there", async () => {
    const { code, printed, complained } = await convert(
      "regsync.yml",
      "--out",
      "-",
    );
    expect(code).toBe(0);
    expect(printed).toMatch(/^# Converted from regsync.yml \(regsync\)\.\n/);
    expect(printed).toContain("\nversion: 1\n");
    expect(complained).toContain("Not carried over, or not as it was:");
    expect(() => folder.read("estate.yaml")).toThrow();
  });

  test("as JSON, what is left is there to be counted", async () => {
    const { printed } = await convert("regsync.yml", "--json");
    expect(JSON.parse(printed)).toMatchObject({
      from: "regsync",
      out: "estate.yaml",
      artifacts: 1,
      left: expect.arrayContaining([
        { path: "sync[0].schedule", line: 9, why: expect.any(String) },
      ]),
      wantsPolicy: true,
    });
    const { printed: whole } = await convert(
      "regsync.yml",
      "--json",
      "--out",
      "-",
    );
    expect(JSON.parse(whole)).toHaveProperty("text");
  });

  test("where nothing can be carried over, nothing is written", async () => {
    folder.write(
      "all.yml",
      "sync:\n  - { source: a.example, target: b.example, type: registry }\n",
    );
    const { code, complained } = await convert("all.yml");
    expect(code).toBe(1);
    expect(complained).toMatch(
      /line 2 {2}sync\[0\]: left out: an estate names/,
    );
    expect(complained).toMatch(/error: could not convert all.yml: no entry/);
    expect(() => folder.read("estate.yaml")).toThrow();
  });

  test.each([
    [["none.yml"], /there is no such file/],
    [
      ["regsync.yml", "--from", "skopeo"],
      /write one of regsync, replicant, flux-mirror/,
    ],
    [["broken.yml"], /line 3, column \d+/],
    [[], /FILE is missing/],
    [["a", "b"], /"b" is one argument too many/],
    [["a", "--from"], /--from/],
    [["regsync.yml", "--unverified", " "], /say in 1 to 500 why/],
    [["a", "--from", "x", "--from", "y"], /--from stands there twice/],
    [["a", "--nonsense"], /--nonsense/],
  ])("%j is not understood", async (line, why) => {
    folder.write("broken.yml", "sync: [\n  pass: 's3cr3t-word\n");
    const { code, complained } = await convert(...line);
    expect(code).toBe(2);
    expect(complained).toMatch(why);
    expect(complained).not.toContain("s3cr3t");
  });

  test("a kind that is named is believed", async () => {
    const { code, complained } = await convert(
      "regsync.yml",
      "--from",
      "replicant",
    );
    expect(code).toBe(1);
    expect(complained).toContain("sync: is no word of replicant");
  });

  test("what a file says cannot move the cursor", async () => {
    folder.write("regsync.yml", `${regsync}"\\u001b[2J": 1\n`);
    const { printed } = await convert("regsync.yml");
    expect(printed).not.toContain("\u001b");
  });
});
