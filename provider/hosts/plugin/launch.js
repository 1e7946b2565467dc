#!/usr/bin/env node
"use strict";
const { enableCompileCache, flushCompileCache } = require("node:module");
const { join } = require("node:path");
const { setFlagsFromString } = require("node:v8");

// a stream's used-up buffers die young: a young generation that stays small is swept often, and memory stays flat
setFlagsFromString("--semi-space-growth-factor=1");
// beside the code, not in a folder for everybody: whoever can write here can change the code as well
enableCompileCache?.(join(__dirname, ".cache"));
void require("./main.js").main();
// a plugin ends by a signal, and without this the cache is written at a quiet exit only
setTimeout(() => flushCompileCache?.(), 1000).unref();
