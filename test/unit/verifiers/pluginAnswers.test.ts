import { closeSync, openSync } from "node:fs";
import fc from "fast-check";
import type { Reach } from "../../../provider/mirror/ports";
import { answerOf } from "../../../provider/verifiers/requirements/plugin/answer";
import { PluginFailure } from "../../../provider/verifiers/requirements/plugin/failure";
import { pluginScript } from "../../samples/plugins";
import { inPluginWorld, type PluginWords } from "./pluginWorld";
import { offline } from "./world";

/** What a script's answer comes to. */
async function verdictOn(
  body: string,
  words: PluginWords = {},
  reach: Reach = offline,
) {
  let verdict: unknown;
  await inPluginWorld(async (world) => {
    const artifact = await world.publish(pluginScript(body));
    await world.attach("MIT");
    verdict = await world.verdict(artifact, words, { reach });
  });
  return verdict;
}

test.each([
  ["exits with 1 and a yes", "yes(); process.exitCode = 1;", "exited with 1"],
  [
    "fails as Ratify's skeleton does",
    `console.log(JSON.stringify({ code: 6, msg: "plugin doesn't support version 9", details: "" }, null, 2)); process.exitCode = 1;`,
    "plugin doesn't support version 9; code 6",
  ],
  [
    "exits with 1 and words on stderr",
    'console.error("out of luck"); process.exitCode = 1;',
    "out of luck",
  ],
  [
    "ends itself by a signal",
    'yes(); process.kill(process.pid, "SIGTERM");',
    "exited with SIGTERM",
  ],
  ["writes nothing", "", "wrote no result"],
  ["writes no JSON", 'console.log("info: all is well");', "wrote no result"],
  [
    "writes half a line of JSON",
    `process.stdout.write('{"isSuccess":true');`,
    "cannot be read",
  ],
  [
    "writes a result over several lines",
    "console.log(JSON.stringify({ isSuccess: true }, null, 2));",
    "cannot be read",
  ],
  ["writes two results", "yes(); yes();", "wrote 2 lines of JSON"],
  ["writes a yes and a no", "yes(); no();", "wrote 2 lines of JSON"],
  [
    "writes two results on one line",
    `console.log('{"isSuccess":true}{"isSuccess":true}');`,
    "cannot be read",
  ],
  [
    "writes a yes that is text",
    `answer({ isSuccess: "true" });`,
    "neither true nor false",
  ],
  [
    "writes a yes that is a number",
    "answer({ isSuccess: 1 });",
    "neither true nor false",
  ],
  [
    "writes a result without a yes or no",
    'answer({ message: "fine" });',
    "neither true nor false",
  ],
  [
    "writes a yes in other letters",
    "answer({ IsSuccess: true });",
    "isSuccess",
  ],
  [
    "writes a yes and a no in one object",
    `console.log('{"isSuccess":false,"isSuccess":true}');`,
    "cannot be read",
  ],
  [
    "writes a list",
    "console.log(JSON.stringify([{ isSuccess: true }]));",
    "wrote no result",
  ],
  [
    "writes its yes on stderr",
    `console.error('{"isSuccess":true}');`,
    "wrote no result",
  ],
  [
    "writes more than it may",
    `console.error("x".repeat(5 << 20)); yes();`,
    "wrote more than 4 MiB",
  ],
])("T37: a plugin that %s is an error", async (_, body, reason) => {
  expect(await verdictOn(body)).toMatchObject({
    outcome: "failed",
    code: "PLUGIN_ERROR",
    reason: expect.stringContaining(reason),
  });
});

test("T37: a gibibyte of output is stopped at its beginning", async () => {
  const body = `const piece = "x".repeat(1 << 20); const write = () => { while (process.stdout.write(piece)); process.stdout.once("drain", write); }; write();`;
  expect(await verdictOn(body)).toMatchObject({
    outcome: "failed",
    code: "PLUGIN_ERROR",
  });
});

test("T37: a plugin that hangs gave no answer: inconclusive", async () => {
  const body = "setInterval(() => {}, 1000);";
  expect(await verdictOn(body, { timeout: "1s" })).toMatchObject({
    outcome: "inconclusive",
    code: "PLUGIN_TIMEOUT",
    reason: "check: gave no answer within 1 s",
  });
});

test("what a plugin leaves running is ended with it, and does not hold up its answer", async () => {
  const body = `require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" }); yes(); process.stdout.once("drain", () => {}); setImmediate(() => process.exit(0));`;
  expect(await verdictOn(body, { timeout: "30s" })).toMatchObject({
    outcome: "passed",
  });
});

test("a cancelled judgement ends the plugin, and is no verdict", async () => {
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, AbortSignal.timeout(300)]);
  const reach = { ...offline, signal };
  await expect(
    verdictOn("setInterval(() => {}, 1000);", {}, reach),
  ).rejects.toMatchObject({ name: "TimeoutError" });
});

test("an executable that somebody still writes is tried again, and then an error", () =>
  inPluginWorld(async (world) => {
    const artifact = await world.publish(pluginScript("yes();"));
    await world.attach("MIT");
    await world.verdict(artifact);
    const file = openSync(world.kept[0] ?? "", "r+");
    try {
      expect(await world.verdict(artifact)).toMatchObject({
        code: "PLUGIN_ERROR",
        reason: expect.stringContaining("ETXTBSY"),
      });
    } finally {
      closeSync(file);
    }
    expect(await world.verdict(artifact)).toMatchObject({ code: "OK" });
  }));

test("a log beside the result does no harm, nor does a plugin that reads nothing", async () => {
  const body = `console.log("info: {looking}"); console.error("warn: {}"); yes("good");`;
  expect(await verdictOn(body)).toMatchObject({ outcome: "passed" });
});

test("a no says why, in words that cannot move a cursor", async () => {
  const body = `answer({ isSuccess: false, message: "", errorReason: "GPL\\u001b[2J", remediation: "ask" });`;
  expect(await verdictOn(body)).toMatchObject({
    outcome: "failed",
    code: "PLUGIN_FAILED",
    reason: "check: GPL [2J; ask",
  });
});

test("fuzz: no output is a pass but one with one true on one line, and none throws anything else", () => {
  const line = fc.oneof(
    fc.constantFrom('{"isSuccess":true}', '{"isSuccess":false}', "info: x", ""),
    fc.json(),
    fc.string(),
    fc.json().map((json) => `{"isSuccess":${json}}`),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
      const stdout = Buffer.from(lines.join("\n"));
      const isGood = (text: string) => {
        try {
          return JSON.parse(text).isSuccess === true;
        } catch {
          return false;
        }
      };
      try {
        const { isSuccess } = answerOf({
          stdout,
          stderr: Buffer.alloc(0),
          ending: undefined,
        });
        const objects = stdout
          .toString()
          .split("\n")
          .filter((text) => text.trimStart().startsWith("{"));
        expect(objects).toHaveLength(1);
        expect(isSuccess).toBe(isGood(objects[0] ?? ""));
      } catch (error) {
        if (!(error instanceof PluginFailure)) throw error;
        expect(error.code).toBe("PLUGIN_ERROR");
      }
    }),
    { verbose: true, numRuns: 2000 },
  );
});
