import { run } from "./command";

process.exitCode = run(process.argv.slice(2), {
  folder: process.cwd(),
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
});
