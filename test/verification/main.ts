import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { certificateVectors } from "./certificateVectors";
import { keylessVectors } from "./keylessVectors";
import { keyVectors } from "./keyVectors";
import { notationVectors } from "./notationVectors";
import { statementVectors } from "./statementVectors";
import { judgeVector } from "./vector";

/** Makes the vectors anew, with fresh keys: node test/run.mjs test/verification/main.ts. Writes nothing where one is not judged as expected. */
async function main(): Promise<void> {
  const files = Object.entries({
    certificate: await certificateVectors(),
    key: await keyVectors(),
    keyless: await keylessVectors(),
    notation: notationVectors(),
    statements: await statementVectors(),
  });
  for (const [, file] of files) {
    for (const vector of file.vectors) {
      const { code, outcome } = await judgeVector(file, vector);
      const { expected, name } = vector;
      if (code === expected.code && outcome === expected.outcome) continue;
      process.exitCode = 1;
      console.error(`${name}: ${outcome} ${code}, not ${expected.code}`);
    }
  }
  if (process.exitCode !== undefined) return;
  for (const [name, file] of files) {
    const path = join("test/verification/vectors", `${name}.json`);
    writeFileSync(path, `${JSON.stringify(file, undefined, 1)}\n`);
    console.log(`${path}: ${file.vectors.length}`);
  }
}

void main();
