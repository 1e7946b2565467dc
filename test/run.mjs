// Runs a TypeScript file with its imports: node test/run.mjs FILE [ARGUMENTS]
import { build } from "esbuild";
import { spawn } from "node:child_process";
import { join } from "node:path";

const [file, ...rest] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: node test/run.mjs FILE [ARGUMENTS]");
  process.exit(2);
}
const outfile = join("dist", "run", file.replace(/\.ts$/, ".js"));
await build({
  entryPoints: [file],
  outfile,
  bundle: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  packages: "external",
  sourcemap: "inline",
  logLevel: "warning",
});
const child = spawn(
  process.execPath,
  ["--enable-source-maps", outfile, ...rest],
  {
    stdio: "inherit",
  },
);
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("exit", (code, signal) => {
  process.exitCode = signal === null ? code : 1;
});
