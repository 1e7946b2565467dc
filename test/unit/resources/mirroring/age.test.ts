import {
  bornOn,
  candidateBeside,
  seenAgain,
  standingOf,
  waitingText,
} from "../../../../provider/resources/mirroring/age/standing";
import {
  ageFailures,
  newcomerFailures,
} from "../../../../provider/resources/mirroring/age/ageFailures";

const day = (number: number) => new Date(Date.UTC(2026, 10, number));
const first = { digest: "sha256:1", firstSeen: day(1).toISOString() };
const three = { duration: "3d", by: "firstSeen" } as const;
const made = { duration: "3d", by: "created" } as const;

test("what is seen again keeps its first sight, and another digest starts anew", () => {
  const again = { by: "firstSeen", now: day(9) } as const;
  expect(seenAgain(first, { digest: "sha256:1", ...again })).toEqual(first);
  expect(seenAgain(first, { digest: "sha256:2", ...again })).toEqual({
    digest: "sha256:2",
    firstSeen: day(9).toISOString(),
  });
  expect(seenAgain(undefined, { digest: "sha256:2", ...again })).toEqual({
    digest: "sha256:2",
    firstSeen: day(9).toISOString(),
  });
});

test("a first sight that is no date, as a broken state may have it, starts anew", () => {
  const broken = { ...first, firstSeen: "long ago" };
  const seen = { digest: "sha256:1", by: "firstSeen", now: day(9) } as const;
  expect(seenAgain(broken, seen).firstSeen).toBe(day(9).toISOString());
});

test("a date by another word does not count for this one", () => {
  const dated = bornOn(first, "created", day(2));
  const seen = { digest: "sha256:1", now: day(9) };
  expect(seenAgain(dated, { ...seen, by: "created" })).toEqual(dated);
  expect(seenAgain(dated, { ...seen, by: "signature" })).toEqual(first);
  expect(standingOf({ ...made, by: "signature" }, dated, day(9))).toEqual({
    outcome: "unknown",
  });
});

test.each([
  ["to the millisecond before", new Date(day(4).getTime() - 1), "waits"],
  ["from the very moment", day(4), "ripe"],
  ["for ever after", day(30), "ripe"],
  ["and not by a clock that went back before it", day(-400), "waits"],
])("what waits three days is judged %s", (_, now, outcome) => {
  const expected = outcome === "waits" ? { outcome, until: day(4) } : {};
  expect(standingOf(three, first, now)).toMatchObject({ outcome, ...expected });
});

test.each([
  ["nothing was seen", undefined],
  ["its date was not learned", first],
  ["its date is none", { ...first, by: "created", bornAt: "yesterday" }],
])("nobody is of age where %s", (_, candidate) => {
  expect(standingOf(made, candidate, day(30))).toEqual({ outcome: "unknown" });
});

test("what the source names beside what is mirrored waits; where it could not be asked, what it named before", () => {
  const seen = { by: "firstSeen", now: day(9) } as const;
  const beside = (named?: string) =>
    candidateBeside("sha256:0", { named, former: first, ...seen })?.digest;
  expect(beside("sha256:2")).toBe("sha256:2");
  expect(beside()).toBe("sha256:1");
  expect(beside("sha256:0")).toBeUndefined();
  const nothing = { named: undefined, former: undefined, ...seen };
  expect(candidateBeside("sha256:0", nothing)).toBeUndefined();
});

test.each([
  [three, first, "seen first 2026-11-01T00:00:00.000Z"],
  [made, bornOn(first, "created", day(2)), "created 2026-11-02T00:00:00.000Z"],
  [
    { ...made, by: "signature" } as const,
    bornOn(first, "signature", day(2)),
    "its signature is proven since 2026-11-02T00:00:00.000Z",
  ],
])("says since when it counts, and until when it waits", (minAge, one, says) =>
  expect(waitingText(minAge, one, day(5))).toBe(
    `${says}; it may come in on 2026-11-05T00:00:00.000Z (minAge: 3d by ${minAge.by})`,
  ),
);

const floor = {
  policies: { none: { unverified: "x" } },
  allowUnverified: true,
};
const signedBy = { signedBy: [] };

test.each([
  ["signature", { unverified: "x" }, undefined, ["tags.minAge.by"]],
  ["signature", { use: "none" }, undefined, ["tags.minAge.by"]],
  ["signature", signedBy, undefined, []],
  ["created", { unverified: "x" }, undefined, []],
  ["created", signedBy, "admit", ["tags.minAge.onNew"]],
  ["firstSeen", { unverified: "x" }, "admit", []],
])(
  "by %s with the policy %j and onNew %s: wrong at %j",
  (by, policy, onNew, at) => {
    const minAge = {
      duration: "3d",
      by,
      ...(onNew !== undefined && { onNew }),
    };
    const failures = ageFailures(floor, { minAge, policy }, "tags.minAge");
    expect(failures.map(({ property }) => property)).toEqual(at);
  },
);

test.each([
  [{ ...three }, 1],
  [{ ...three, onNew: "refuse" }, 1],
  [{ ...three, onNew: "admit" }, 0],
  [{ ...made }, 0],
  [undefined, 0],
])("a new resource with %j has %d failures", (minAge, count) =>
  expect(newcomerFailures({ minAge })).toHaveLength(count),
);
