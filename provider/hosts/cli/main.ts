import { run } from "./command";

process.exitCode = run(process.argv.slice(2), {
  folder: process.cwd(),
  print: (line) => process.stdout.write(`${line}\n`),
  complain: (line) => process.stderr.write(`${line}\n`),
});
