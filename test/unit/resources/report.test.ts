import { digestOf } from "../../../provider/oci/digest";
import { walk } from "../../../provider/mirror/graph";
import type { Policy, Verdict } from "../../../provider/mirror/ports";
import { reportOf } from "../../../provider/resources/judging/report";
import { verification } from "../../../provider/resources/judging/reportShape";
import { MemoryStore, reach } from "../mirror/memoryStore";
import { authority, policy, requirement, unverified } from "../mirror/policies";

const digest = digestOf(Buffer.from("evidence"));
const now = reach.now();

async function reported(
  verdicts: readonly Verdict[],
  by: Policy = policy(requirement()),
) {
  const store = new MemoryStore("source");
  const artifact = await walk(store, store.image("one"), {
    platforms: [],
    reach,
  });
  const ignored = [
    { digest, code: "LIMIT", reason: "too large" },
    { digest, code: "ABSENT", reason: `not\nthere ${"x".repeat(900)}` },
  ] as const;
  return reportOf({ artifact, policy: by, verdicts, ignored }, now);
}

function verdict(more: Partial<Verdict> = {}): Verdict {
  return {
    outcome: "failed",
    requirement: "signedBy",
    blocks: true,
    code: "IDENTITY_MISMATCH",
    reason: "somebody else",
    satisfiedBy: [],
    reliedOn: [],
    looked: [],
    ...more,
  };
}

/** What an authority proves of a word, with times and a statement besides. */
async function signed(word: string, minutes: number) {
  const store = new MemoryStore("source");
  const subject = store.image("one");
  const layer = store.blob(word, "application/vnd.example.evidence");
  const manifest = store.referrer(subject, word);
  const answer = await authority(word).authenticate(
    {
      subject,
      manifest,
      via: "referrer",
      artifactType: "",
      layers: 1,
      layer,
      bytes: Buffer.from(word),
    },
    reach,
  );
  if (answer.outcome !== "authenticated") throw new Error("not the word");
  const at = (plus: number) => new Date(now.getTime() + plus * 60_000);
  return {
    ...answer,
    times: [
      { time: at(minutes + 5), source: "rekor" as const },
      { time: at(minutes), source: "rfc3161" as const },
    ],
    validUntil: at(minutes + 100),
    statement: {
      type: "https://in-toto.io/Statement/v1",
      subjects: [],
      predicateType: "https://example/sbom",
      predicate: {},
    },
  };
}

test("a report says who satisfied a requirement, by what evidence, in which format, and since when that is proven", async () => {
  const satisfiedBy = [await signed("good", 10), await signed("fine", 3)];
  const report = await reported([
    verdict({ outcome: "passed", code: "OK", satisfiedBy, notes: ["a note"] }),
  ]);
  expect(report).toMatchObject({
    version: 1,
    outcome: "verified",
    validUntil: "2026-11-21T01:43:00.000Z",
    requirements: [
      {
        name: "signedBy",
        outcome: "passed",
        notes: ["a note"],
        signers: expect.arrayContaining([
          expect.objectContaining({
            authority: "signedBy[0].word",
            format: "example",
            keyId: "sha256:good",
            time: "2026-11-21T00:10:00.000Z",
            timeSource: "rfc3161",
            predicateType: "https://example/sbom",
          }),
        ]),
      },
    ],
  });
  expect(report.requirements[0]).not.toHaveProperty("reason");
  expect(verification.parse(report)).toEqual(
    JSON.parse(JSON.stringify(report)),
  );
});

test("a report is the same whatever order its evidence was found in", async () => {
  const satisfiedBy = [await signed("good", 10), await signed("fine", 3)];
  const there = await reported([verdict({ outcome: "passed", satisfiedBy })]);
  const back = await reported([
    verdict({ outcome: "passed", satisfiedBy: [...satisfiedBy].reverse() }),
  ]);
  expect(back).toEqual(there);
});

test("a report says why not, what was looked at, and what was listed and is no evidence", async () => {
  const looked = Array.from({ length: 30 }, (_, at) => ({
    evidence: digest,
    format: "example",
    authority: "signedBy[0].word",
    code: "IDENTITY_MISMATCH",
    reason: `signer ${at}\u202e`,
  }));
  const report = await reported([verdict({ looked })]);
  const [answer] = report.requirements;
  expect(report.outcome).toBe("refused");
  expect(answer).toMatchObject({ reason: "somebody else", signers: [] });
  expect(answer?.ignored).toHaveLength(20);
  expect(answer?.ignored?.[0]).toEqual({
    evidence: digest,
    code: "IDENTITY_MISMATCH",
    reason: "signer 0 ",
  });
  expect(report.ignored?.map(({ code }) => code)).toEqual(["ABSENT", "LIMIT"]);
  expect(report.ignored?.[0]?.reason).toHaveLength(201);
  expect(report.omitted).toBe(10);
});

test.each<[string, Verdict[], Policy, string]>([
  [
    "nobody could be asked",
    [verdict({ outcome: "inconclusive" })],
    policy(requirement()),
    "inconclusive",
  ],
  ["a verdict is missing", [], policy(requirement()), "refused"],
  ["the policy says so", [], unverified, "unverified"],
])("the outcome where %s", async (_, verdicts, by, outcome) => {
  expect(await reported(verdicts, by)).toMatchObject({ outcome });
});
