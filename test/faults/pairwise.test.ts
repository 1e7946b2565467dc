import { pairs, play } from "./pairs";

const seeds = [1, 2, 3];

test.each(
  pairs.map(([one, other]) => [one.word, other.word, one, other] as const),
)(
  "%s and %s together: the copy ends well or clearly, and the next one brings what is missing",
  async (_, __, one, other) => {
    const complaints: string[] = [];
    for (const seed of seeds) {
      for (const complaint of await play([one, other], seed)) {
        complaints.push(`seed ${seed}: ${complaint}`);
      }
    }
    expect(complaints.join("\n")).toBe("");
  },
);
