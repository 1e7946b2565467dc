import type { Policy, Requirement } from "../../../provider/mirror/ports";
import type { Descriptor } from "../../../provider/oci/descriptor";
import { verify } from "../../../provider/mirror/verify";
import {
  attestationAbout,
  covering,
  forPlatform,
  judge,
  readFor,
} from "./judged";
import { MemoryStore, reach } from "./memoryStore";
import { authority, policy, requirement } from "./policies";

/** An index of two platforms; `signed` says which manifests carry the word. */
function indexed(signed: readonly ("root" | "amd64" | "arm64")[]) {
  const store = new MemoryStore("source");
  const amd64 = store.image("amd64");
  const arm64 = store.image("arm64");
  const root = store.index([
    forPlatform(amd64, "linux/amd64"),
    forPlatform(arm64, "linux/arm64"),
  ]);
  for (const name of signed)
    store.referrer({ root, amd64, arm64 }[name], "good", {
      annotations: { about: name },
    });
  return { store, root, amd64, arm64 };
}

const all = ["root", "amd64", "arm64"] as const;
const parts = ["amd64", "arm64"] as const;

test.each([
  ["root", ["root"], "OK"],
  ["root", parts, "NO_EVIDENCE"],
  ["platforms", parts, "OK"],
  ["platforms", all, "OK"],
  ["platforms", ["root"], "NO_EVIDENCE"],
  ["platforms", ["root", "amd64"], "COVERAGE"],
  ["either", ["root"], "OK"],
  ["either", parts, "OK"],
  ["either", ["arm64"], "COVERAGE"],
  ["either", [], "NO_EVIDENCE"],
] as const)(
  "coverage %s of an index with signatures on %j is %s",
  async (coverage, signed, code) => {
    const { store, root } = indexed(signed);
    const { verdicts } = await judge(store, root, covering(coverage));
    expect(verdicts).toMatchObject([{ code }]);
  },
);

test("T28: where each platform must be covered, one that was put in place of another is refused, and named", async () => {
  const { store, amd64 } = indexed(all);
  const swapped = store.index([
    forPlatform(amd64, "linux/amd64"),
    forPlatform(store.image("evil"), "linux/arm64"),
  ]);
  const { enter } = await judge(store, swapped, covering("platforms"));
  expect(enter).toThrow(
    /only a part of it is covered: linux\/arm64: .* \(NO_EVIDENCE\) \(COVERAGE\)/,
  );
});

test("T28: a platform put in place of another changes the index, which nobody has signed then", async () => {
  const { store, root, amd64 } = indexed(["root"]);
  const swapped = store.index([
    forPlatform(amd64, "linux/amd64"),
    forPlatform(store.image("evil"), "linux/arm64"),
  ]);
  store.claims.set(swapped.digest, [...(await store.referrers(root.digest))]);
  const { verdicts, discovered } = await judge(
    store,
    swapped,
    covering("root"),
  );
  expect(verdicts).toMatchObject([{ code: "NO_EVIDENCE" }]);
  expect(discovered.ignored).toMatchObject([{ code: "SUBJECT_MISMATCH" }]);
});

test("a manifest cannot escape by calling itself an attestation where a platform could choose it", async () => {
  const { store, amd64, arm64 } = indexed(["amd64", "arm64"]);
  const evil = store.image("evil");
  const marked = attestationAbout(evil, amd64);
  const children = [
    forPlatform(amd64, "linux/amd64"),
    forPlatform(arm64, "linux/arm64"),
  ];
  const about = store.index([...children, marked]);
  const escape = store.index([
    ...children,
    { ...marked, platform: { os: "linux", architecture: "riscv64" } },
  ]);
  const twice = store.index([
    ...children,
    marked,
    forPlatform(evil, "linux/s390x"),
  ]);
  const codes = async (root: Descriptor) =>
    (await judge(store, root, covering("platforms"))).verdicts[0]?.code;
  expect(await codes(about)).toBe("OK");
  expect(await codes(escape)).toBe("COVERAGE");
  expect(await codes(twice)).toBe("COVERAGE");
});

test("an index of nothing, and one of attestations alone, is judged by its root", async () => {
  const store = new MemoryStore("source");
  const said = store.image("said");
  const empty = store.index([]);
  const alone = store.index([attestationAbout(said, said)]);
  for (const root of [empty, alone]) {
    const { verdicts } = await judge(store, root, covering("platforms"));
    expect(verdicts).toMatchObject([{ code: "NO_EVIDENCE" }]);
  }
});

test("platforms in an index inside an index are covered, too; one without a platform is named by its digest", async () => {
  const store = new MemoryStore("source");
  const [one, other] = [store.image("one"), store.image("other")];
  const inner = store.index([one]);
  const root = store.index([
    inner,
    { ...other, platform: { os: "", architecture: "" } },
  ]);
  store.referrer(one, "good");
  const { verdicts } = await judge(store, root, covering("platforms"));
  expect(verdicts[0]).toMatchObject({ code: "COVERAGE" });
  expect(verdicts[0]?.reason).toContain(other.digest);
});

test("what covers the platforms must come along, and is in the report", async () => {
  const { store, root } = indexed(parts);
  const { verdicts } = await judge(store, root, covering("either"));
  const [verdict] = verdicts;
  expect(verdict?.satisfiedBy).toHaveLength(2);
  expect(verdict?.reliedOn).toHaveLength(2);
});

test("what was looked at names its platform, and no platform crowds out the others", async () => {
  const { store, root, amd64, arm64 } = indexed([]);
  for (let at = 0; at < 30; at++) store.referrer(amd64, `evil ${at}`);
  store.referrer(arm64, "evil, too");
  const { verdicts } = await judge(store, root, covering("platforms"));
  const reasons = verdicts[0]?.looked.map(({ reason }) => reason) ?? [];
  expect(reasons).toHaveLength(20);
  expect(reasons[1]).toMatch(/^linux\/arm64: /);
  expect(verdicts[0]).toMatchObject({ code: "IDENTITY_MISMATCH" });
});

test("many platforms without a signature are named in part", async () => {
  const store = new MemoryStore("source");
  const children = Array.from({ length: 9 }, (_, at) =>
    forPlatform(store.image(`${at}`), `linux/p${at}`),
  );
  const root = store.index(children);
  const { verdicts } = await judge(store, root, covering("platforms"));
  expect(verdicts[0]?.reason).toMatch(/linux\/p4: .*; and 4 more$/);
});

/** A requirement whose answer about each manifest is given by the manifest's digest. */
function given(
  answers: ReadonlyMap<string, "passed" | "failed" | "inconclusive">,
): Policy {
  const plain = requirement();
  const one: Requirement = {
    ...plain,
    judge: async (judged, reach) => {
      const outcome =
        answers.get(judged.node.descriptor.digest) ?? "inconclusive";
      const verdict = await plain.judge(judged, reach);
      const code = { passed: "OK", failed: "NO", inconclusive: "UNASKED" }[
        outcome
      ];
      return { ...verdict, outcome, code, notes: ["seen"] };
    },
  };
  return { ...policy(one), coverage: "either" };
}

test.each([
  ["failed", "passed", "inconclusive", "inconclusive", "UNASKED"],
  ["failed", "failed", "inconclusive", "failed", "NO"],
  ["inconclusive", "failed", "failed", "inconclusive", "UNASKED"],
  ["failed", "inconclusive", "inconclusive", "inconclusive", "UNASKED"],
  ["inconclusive", "passed", "passed", "passed", "OK"],
  ["passed", "failed", "failed", "passed", "OK"],
] as const)(
  "G8: the root %s, the platforms %s and %s: all in all %s",
  async (ofRoot, ofAmd64, ofArm64, outcome, code) => {
    const { store, root, amd64, arm64 } = indexed([]);
    const by = given(
      new Map([
        [root.digest, ofRoot],
        [amd64.digest, ofAmd64],
        [arm64.digest, ofArm64],
      ]),
    );
    const { verdicts } = await judge(store, root, by);
    expect(verdicts).toMatchObject([{ outcome, code }]);
    expect(verdicts[0]?.notes).toContain(
      ofRoot === "passed" ? "seen" : "linux/amd64: seen",
    );
  },
);

test("where the root has the nearest miss, it is what is said", async () => {
  const { store, root } = indexed([]);
  store.referrer(root, "evil");
  const { verdicts } = await judge(store, root, covering("either"));
  expect(verdicts).toMatchObject([{ code: "IDENTITY_MISMATCH" }]);
});

/** Asks for a statement inside that is covered by the word. */
function insideRequirement(): Requirement {
  const plain = requirement();
  const says = authority("good");
  return {
    ...plain,
    readsInside: true,
    judge: async (judged, reach) => {
      const whole = await plain.judge(judged, reach);
      const answers = await Promise.all(
        judged.inside
          .flatMap(({ covers }) => covers)
          .map((one) => says.authenticate(one, reach)),
      );
      const isCovered = answers.some(
        ({ outcome }) => outcome === "authenticated",
      );
      return isCovered
        ? { ...whole, outcome: "passed", code: "OK", notes: ["covered"] }
        : whole;
    },
  };
}

/** BuildKit's index: two platforms, and statements about those that are named. */
function built(attested: readonly ("amd64" | "arm64")[]) {
  const store = new MemoryStore("source");
  const images = { amd64: store.image("amd64"), arm64: store.image("arm64") };
  const statements = attested.map((name) =>
    attestationAbout(
      store.image(`statement about ${name}`, {
        layers: [store.blob(`about ${name}`, "application/vnd.in-toto+json")],
      }),
      images[name],
    ),
  );
  const root = store.index([
    forPlatform(images.amd64, "linux/amd64"),
    forPlatform(images.arm64, "linux/arm64"),
    ...statements,
  ]);
  return { store, root, images, statements };
}

test("what lies inside the artifact about every platform counts, though the root's own evidence does not suffice", async () => {
  const { store, root, statements } = built(["amd64", "arm64"]);
  for (const one of statements)
    store.referrer(one, "good", { annotations: { about: one.digest } });
  const { verdicts } = await judge(store, root, policy(insideRequirement()));
  expect(verdicts).toMatchObject([
    {
      outcome: "passed",
      notes: ["linux/amd64: covered", "linux/arm64: covered"],
    },
  ]);
});

test("a platform about which nothing lies inside is not covered by its neighbour", async () => {
  const { store, root, statements } = built(["amd64"]);
  for (const one of statements) store.referrer(one, "good");
  const { verdicts } = await judge(store, root, policy(insideRequirement()));
  expect(verdicts).toMatchObject([{ outcome: "failed", code: "COVERAGE" }]);
});

test("a platform's own signature is no evidence where the root must be covered", async () => {
  const { store, root, images } = built(["amd64", "arm64"]);
  store.referrer(images.amd64, "good");
  store.referrer(images.arm64, "good", { annotations: { about: "arm64" } });
  const { verdicts } = await judge(store, root, policy(insideRequirement()));
  expect(verdicts).toMatchObject([{ outcome: "failed", code: "NO_EVIDENCE" }]);
});

test("evidence about platforms that was read for another requirement does not help where the root must be covered", async () => {
  const { store, root, images } = built(["amd64", "arm64"]);
  store.referrer(images.amd64, "good");
  store.referrer(images.arm64, "good", { annotations: { about: "arm64" } });
  const by = policy(insideRequirement());
  const read = await readFor(store, root, { ...by, coverage: "either" });
  const verdicts = await verify({ ...read, policy: by }, reach);
  expect(verdicts).toMatchObject([{ outcome: "failed", code: "NO_EVIDENCE" }]);
});

test("where nothing lies inside, only the root is asked", async () => {
  const { store, root } = built([]);
  const { verdicts } = await judge(store, root, policy(insideRequirement()));
  expect(verdicts).toMatchObject([{ reason: "nobody said the word" }]);
});
