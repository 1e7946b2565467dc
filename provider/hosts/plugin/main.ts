import { version } from "../../../package.json";
import { serve } from "./server";

/** How often a plugin looks whether the engine that started it still lives. */
const orphanCheckMs = 5000;

/** Runs the plugin process: the port is the one line on stdout, everything heavy is loaded by the first call that needs it. */
export async function main(): Promise<void> {
  const writePort = process.stdout.write.bind(process.stdout);
  // the engine reads stdout as the port; whatever else wants to be printed goes to stderr
  process.stdout.write = process.stderr.write.bind(process.stderr);
  const served = await serve({
    version,
    load: async () => (await import("./provider.js")).provider,
  });
  // Pulumi shows stderr to the user when a plugin dies
  process.once("uncaughtException", ({ stack = "" }) => {
    process.stderr.write(`${served.redact(stack)}\n`);
    process.exit(1);
  });
  // the engine waits five seconds for a plugin that stays (engine.md 0.7); uploads are given up before that, and a second signal waits for nothing
  const leave = () => void served.stop().finally(() => process.exit(0));
  process.once("SIGINT", leave);
  process.once("SIGTERM", leave);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, orphanCheckMs).unref();
  writePort(`${served.port}\n`);
}
