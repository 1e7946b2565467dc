#!/usr/bin/env node
"use strict";
const { enableCompileCache, flushCompileCache } = require("node:module");
const { join } = require("node:path");
const { setFlagsFromString } = require("node:v8");

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 22)) {
  process.stderr.write(
    `artifact-mirror needs Node 22.22 or newer; this is ${process.version} at ${process.execPath}\n`,
  );
  process.exit(1);
}
// a stream's used-up buffers die young: a young generation that stays small is swept often, and memory stays flat
setFlagsFromString("--semi-space-growth-factor=1");
// beside the code, not in a folder for everybody: whoever can write here can change the code as well
enableCompileCache?.(join(__dirname, ".cache"));
void require("./main.js").main();
// a plugin ends by a signal, and without this the cache is written at a quiet exit only
setTimeout(() => flushCompileCache?.(), 1000).unref();
