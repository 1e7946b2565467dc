import type { Verdict } from "../../../../provider/mirror/ports";
import type { Descriptor } from "../../../../provider/oci/descriptor";
import { provenSince } from "../../../../provider/resources/mirroring/age/provenSince";
import { covering, forPlatform, judge } from "../../mirror/judged";
import { MemoryStore } from "../../mirror/memoryStore";
import { policy, requirement } from "../../mirror/policies";

const day = (number: number) => new Date(Date.UTC(2026, 10, number));

/** The verdicts, each piece with the times that are proven of it; pieces come in the order of their digests. */
function timed(
  verdicts: readonly Verdict[],
  timesOf: (piece: number, subject: string) => readonly Date[],
): Verdict[] {
  return verdicts.map((verdict) => ({
    ...verdict,
    satisfiedBy: verdict.satisfiedBy.map((one, piece) => ({
      ...one,
      times: timesOf(piece, one.evidence.subject.digest).map((time) => ({
        time,
        source: "rekor" as const,
      })),
    })),
  }));
}

test.each<[string, readonly (readonly Date[])[], Date | undefined]>([
  ["the earliest of several times", [[day(5), day(3)]], day(3)],
  ["the earliest of several signatures", [[day(5)], [day(4)]], day(4)],
  ["the one that is proven at all", [[], [day(4)]], day(4)],
  ["nothing, where nothing is proven", [[]], undefined],
])("a signed artifact is proven since %s", async (_, times, since) => {
  const store = new MemoryStore("source");
  const root = store.image("one");
  for (const one of times.keys())
    store.referrer(root, "good", { annotations: { one: `${one}` } });
  const { enter, verdicts } = await judge(store, root, policy(requirement()));
  const admitted = enter();
  const judged = timed(verdicts, (piece) => times[piece] ?? []);
  expect(provenSince({ ...admitted, verdicts: judged })).toEqual(since);
});

test("of several requirements the one that proves the earliest counts, and one that only warns proves nothing", async () => {
  const store = new MemoryStore("source");
  const root = store.image("one");
  store.referrer(root, "good");
  const names = ["signedBy", "attestations[0]", "attestations[1]"];
  const by = names.map((name) => requirement({ name }));
  const { enter, verdicts } = await judge(store, root, policy(...by));
  const dates = [[day(7)], [day(2)], []];
  const judged = verdicts.flatMap((one, at) =>
    timed([one], () => dates[at] ?? []),
  );
  expect(provenSince({ ...enter(), verdicts: judged })).toEqual(day(2));
  const warned = judged.map((one) => ({
    ...one,
    blocks: one.requirement === "signedBy",
  }));
  expect(provenSince({ ...enter(), verdicts: warned })).toEqual(day(7));
});

async function parts(
  dates: (amd: Descriptor, arm: Descriptor) => Map<string, Date>,
) {
  const store = new MemoryStore("source");
  const [amd, arm] = [store.image("amd"), store.image("arm")];
  const root = store.index([
    forPlatform(amd, "linux/amd64"),
    forPlatform(arm, "linux/arm64"),
  ]);
  for (const part of [amd, arm]) store.referrer(part, "good");
  const { enter, verdicts } = await judge(store, root, covering("platforms"));
  const of = dates(amd, arm);
  const judged = timed(verdicts, (_, subject) => {
    const date = of.get(subject);
    return date ? [date] : [];
  });
  return provenSince({ ...enter(), verdicts: judged });
}

test("an index that was judged part by part is as young as its newest part: an old part in it makes no new one old", async () => {
  const since = await parts(
    (amd, arm) =>
      new Map([
        [amd.digest, day(1)],
        [arm.digest, day(9)],
      ]),
  );
  expect(since).toEqual(day(9));
});

test("and is proven by nothing where one part is not", async () => {
  expect(await parts((amd) => new Map([[amd.digest, day(1)]]))).toBeUndefined();
});
