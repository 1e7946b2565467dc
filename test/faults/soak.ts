import { drawn, faultNamed, play } from "./pairs";

const { SEED, SEEDS = "200", FAULTS } = process.env;
const first = Number(SEED ?? 1);
const last = SEED === undefined ? Number(SEEDS) : first;

async function main(): Promise<void> {
  let failed = 0;
  for (let seed = first; seed <= last; seed += 1) {
    const together = FAULTS ? FAULTS.split(",").map(faultNamed) : drawn(seed);
    const complaints = await play(together, seed);
    if (complaints.length === 0) continue;
    failed += 1;
    const words = together.map(({ word }) => word);
    console.log(`seed ${seed}, ${words.join(" + ")}:`);
    for (const complaint of complaints) console.log(`  ${complaint}`);
    console.log(
      `  again: SEED=${seed} node test/run.mjs test/faults/soak.ts\n`,
    );
  }
  const count = last - first + 1;
  console.log(`${count} runs under drawn faults, ${failed} broke a promise`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
