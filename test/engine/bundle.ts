import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** Bundles a TypeScript program to one executable file for Node.js; answers its path. */
export function bundleExecutable(
  entry: string,
  folder: string,
  name: string,
): string {
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, name);
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    banner: { js: "#!/usr/bin/env node" },
    define: { __dirname: JSON.stringify(__dirname) },
    external: ["undici"], // apart, as it is from the plugin: only proxies need it
    logLevel: "error",
  });
  chmodSync(outfile, 0o755);
  return outfile;
}
