import { discover } from "../../../provider/mirror/discover";
import { MirrorError } from "../../../provider/mirror/errors";
import { walk } from "../../../provider/mirror/graph";
import type { Policy, Verdict } from "../../../provider/mirror/ports";
import { judgesOf } from "../../../provider/mirror/toJudge";
import { admit, verify } from "../../../provider/mirror/verify";
import { MemoryStore, reach } from "./memoryStore";
import { policy, requirement, unverified } from "./policies";

async function judge(
  words: readonly string[],
  by: Policy,
  options: {
    verdicts?: (real: readonly Verdict[]) => readonly Verdict[];
    junk?: number;
  } = {},
) {
  const store = new MemoryStore("source");
  const root = store.image("one");
  for (const word of words) store.referrer(root, word);
  const junk = Array.from({ length: options.junk ?? 0 }, (_, index) =>
    store.image(`junk ${index}`),
  );
  if (junk.length > 0) store.claims.set(root.digest, junk);
  const artifact = await walk(store, root, { platforms: [], reach });
  const discovered = await discover(artifact, {
    places: [store],
    ...judgesOf(by),
    reach,
  });
  const judged = {
    place: store,
    reference: `source.example/app:1@${root.digest}`,
    artifact,
    discovered,
    policy: by,
  };
  const real = await verify(judged, reach);
  return admit(judged, options.verdicts?.(real) ?? real);
}

test("what satisfies every requirement is admitted, with its verdicts", async () => {
  const admitted = await judge(
    ["good", "fine"],
    policy(
      requirement(),
      requirement({ word: "fine", name: "attestations[0]" }),
    ),
  );
  expect(admitted.verdicts.map(({ outcome }) => outcome)).toEqual([
    "passed",
    "passed",
  ]);
});

test("T4: no evidence at all is refused, and the message says what to do", async () => {
  await expect(judge([], policy(requirement()))).rejects.toMatchObject({
    fault: "refused",
    message: expect.stringMatching(
      /NO_EVIDENCE[\s\S]*ask the publisher to sign/,
    ),
  });
});

test("T5: the wrong signer is refused; the message names the artifact, the requirement, what was looked at, who signed it and why not", async () => {
  const refused = await judge(["evil"], policy(requirement())).catch(
    (error: unknown) => error,
  );
  expect(String(refused)).toMatch(
    /source source\.example\/app:1@sha256:[0-9a-f]{64}: signedBy IDENTITY_MISMATCH/,
  );
  expect(String(refused)).toMatch(
    /- example sha256:[0-9a-f]{64}, signed by evil \(https:\/\/issuer\.example\): signedBy\[0\]\.word: the word is not good \(IDENTITY_MISMATCH\)/,
  );
  expect(String(refused)).toContain("wanted: signedBy[0].word: the word good");
  expect(String(refused)).toContain("put it into the policy");
});

test("one requirement of two is not enough", async () => {
  await expect(
    judge(
      ["good"],
      policy(
        requirement(),
        requirement({ word: "fine", name: "attestations[0]" }),
      ),
    ),
  ).rejects.toMatchObject({ fault: "refused" });
});

test("a requirement that only warns neither blocks nor lets in", async () => {
  const warn = requirement({
    word: "fine",
    name: "attestations[0]",
    blocks: false,
  });
  await expect(
    judge(["good"], policy(requirement(), warn)),
  ).resolves.toBeDefined();
  await expect(judge(["fine"], policy(warn))).rejects.toMatchObject({
    fault: "refused",
    message: expect.stringContaining("no requirement was judged"),
  });
});

test("N40: a verdict that is missing, or inconclusive, is a no", async () => {
  const one = policy(requirement());
  await expect(
    judge(["good"], one, { verdicts: () => [] }),
  ).rejects.toMatchObject({ fault: "refused" });
  await expect(
    judge(["good"], one, {
      verdicts: (real) =>
        real.map((verdict) => ({ ...verdict, requirement: "other" })),
    }),
  ).rejects.toMatchObject({ fault: "refused" });
  const unsure = (real: readonly Verdict[]) =>
    real.map((verdict) => ({
      ...verdict,
      outcome: "inconclusive" as const,
      code: "REVOCATION_UNKNOWN",
    }));
  await expect(
    judge(["good"], one, { verdicts: unsure }),
  ).rejects.toMatchObject({
    message: expect.stringContaining("could not ask"),
  });
});

test("a policy with a reason and no requirement lets in; one with neither, or with both, does not", async () => {
  await expect(judge([], unverified)).resolves.toMatchObject({
    policy: { unverified: "vendor does not sign" },
  });
  await expect(
    judge([], { digest: "sha256:x", coverage: "root", requirements: [] }),
  ).rejects.toMatchObject({ fault: "refused" });
  await expect(
    judge(["good"], { ...policy(requirement()), unverified: "why" }),
  ).rejects.toMatchObject({ fault: "refused" });
});

test("evidence that says no more than why not is shown without a signer", async () => {
  const bare = (real: readonly Verdict[]) =>
    real.map((verdict) => ({
      ...verdict,
      looked: verdict.looked.map((one) => ({ ...one, seen: undefined })),
    }));
  await expect(
    judge(["evil"], policy(requirement()), { verdicts: bare }),
  ).rejects.toMatchObject({
    message: expect.not.stringContaining("signed by"),
  });
});

describe("where the list of referrers is denied", () => {
  const denied = new MirrorError({
    fault: "denied",
    code: "AUTH_DENIED",
    what: "could not list the referrers",
    why: "HTTP 403",
    remedy: "ask for the right",
  });

  async function under(unlisted: Error, tagged?: string, more = {}) {
    const store = new MemoryStore("source");
    const root = store.image("one");
    if (tagged !== undefined) {
      const layers = [store.blob(tagged, "application/vnd.example.evidence")];
      const tag = `${root.digest.replace(":", "-")}.sig`;
      store.image("signature", { layers, tag });
    }
    store.unlisted = unlisted;
    const artifact = await walk(store, root, { platforms: [], reach });
    const by = policy({ ...requirement(), ...more });
    const discovered = await discover(artifact, {
      places: [store],
      ...judgesOf(by),
      reach,
    });
    return verify(
      { place: store, reference: "app", artifact, discovered, policy: by },
      reach,
    );
  }

  test("nothing is taken for absent: what was not met is inconclusive, and says why", async () => {
    expect(await under(denied)).toMatchObject([
      {
        outcome: "inconclusive",
        code: "UNLISTED",
        reason: expect.stringContaining("HTTP 403"),
      },
    ]);
  });

  test("what is found under cosign's tags still counts", async () => {
    expect(await under(denied, "good")).toMatchObject([{ outcome: "passed" }]);
  });

  test("a yes that needs all of the evidence does not count", async () => {
    expect(await under(denied, "good", { needsAll: true })).toMatchObject([
      { outcome: "inconclusive", code: "UNLISTED" },
    ]);
  });

  test("any other reason ends the run", async () => {
    await expect(under(new Error("no answer"))).rejects.toThrow("no answer");
  });
});
