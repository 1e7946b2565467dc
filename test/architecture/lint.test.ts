import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import { inBrokenCopy, places, type Breakage } from "./breakages";

const lines = (count: number) => "  total += 1;\n".repeat(count);

const breakages: readonly Breakage[] = [
  {
    rule: "typescript(no-floating-promises)",
    path: "provider/mirror/brokenFloating.ts",
    text: "export const broken = async () => {\n  Promise.resolve();\n};\n",
  },
  {
    rule: "typescript(no-misused-promises)",
    path: "provider/mirror/brokenMisused.ts",
    text: "export const broken = (work: () => Promise<boolean>) => (work() ? 1 : 2);\n",
  },
  {
    rule: "typescript(switch-exhaustiveness-check)",
    path: "provider/mirror/brokenSwitch.ts",
    text: 'export function broken(kind: "tag" | "digest") {\n  switch (kind) {\n    case "tag":\n      return 1;\n  }\n  return 2;\n}\n',
  },
  {
    rule: "typescript(no-explicit-any)",
    path: "provider/mirror/brokenAny.ts",
    text: "export const broken = (value: any) => String(value);\n",
  },
  {
    rule: "typescript(no-non-null-assertion)",
    path: "provider/mirror/brokenBang.ts",
    text: "export const broken = (value?: string) => value!.length;\n",
  },
  {
    rule: "typescript(consistent-type-assertions)",
    path: "provider/mirror/brokenAs.ts",
    text: "export const broken = (value: unknown) => value as string;\n",
  },
  {
    rule: "typescript(consistent-type-imports)",
    path: "provider/mirror/brokenImport.ts",
    text: 'import { Send } from "./ports";\nexport type Broken = Send;\n',
  },
  {
    rule: "import(no-default-export)",
    path: "provider/mirror/brokenDefault.ts",
    text: "export default 1;\n",
  },
  {
    rule: "eslint(max-params)",
    path: "provider/mirror/brokenParameters.ts",
    text: "export const broken = (a: 1, b: 2, c: 3, d: 4) => [a, b, c, d];\n",
  },
  {
    rule: "eslint(max-lines)",
    path: "test/unit/brokenLength.test.ts",
    text: `let total = 0;\n${lines(300)}export { total };\n`,
  },
  {
    rule: "eslint(max-lines-per-function)",
    path: "provider/mirror/brokenFunction.ts",
    text: `export function broken(total: number) {\n${lines(50)}  return total;\n}\n`,
  },
  {
    rule: "eslint(max-depth)",
    path: "provider/mirror/brokenDepth.ts",
    text: `export function broken(n: number) {\n${"if (n > 1) {\n".repeat(4)}n += 1;\n${"}\n".repeat(4)}return n;\n}\n`,
  },
  {
    rule: "eslint(complexity)",
    path: "provider/mirror/brokenComplexity.ts",
    text: `export const broken = (n: number) => ${"n > 1 && ".repeat(10)}true;\n`,
  },
  {
    rule: "eslint(no-restricted-globals)",
    path: "provider/stores/brokenFetch.ts",
    text: 'export const broken = () => fetch("https://registry.example");\n',
  },
  {
    rule: "eslint(no-restricted-globals)",
    path: "provider/stores/brokenTimer.ts",
    text: "export const broken = (tick: () => void) => setTimeout(tick, 1);\n",
  },
  {
    rule: "eslint(no-restricted-properties)",
    path: "provider/mirror/brokenClock.ts",
    text: "export const broken = () => Date.now();\n",
  },
  {
    rule: "eslint(no-console)",
    path: "provider/stores/brokenConsole.ts",
    text: 'export const broken = () => console.log("copied");\n',
  },
];

const Report = z.object({
  diagnostics: z.array(z.object({ code: z.string(), filename: z.string() })),
});

function lint(folder: string): readonly string[] {
  const { status, stdout, stderr } = spawnSync(
    join(places.bin, "oxlint"),
    ["-c", places.lint, "--type-aware", "-f", "json", "provider", "test"],
    { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 },
  );
  if (status === 0 || stdout === "") throw new Error(stderr);
  return Report.parse(JSON.parse(stdout)).diagnostics.map(
    ({ code, filename }) => `${code}: ${filename}`,
  );
}

describe("the lint", () => {
  let findings: readonly string[] = [];
  beforeAll(() => {
    findings = inBrokenCopy(breakages, lint);
  });

  test.each(breakages)("$path is refused by $rule", ({ rule, path }) => {
    expect(findings).toContain(`${rule}: ${path}`);
  });
});
