import type { Listing } from "../../../provider/resources/memory";
import {
  wantedDigests,
  type Known,
} from "../../../provider/resources/mirroredRepository/choosing/wantedDigests";

const now = new Date("2026-11-21T12:00:00Z");
const map = (values: Readonly<Record<string, string>> = {}) =>
  new Map(Object.entries(values));

interface Case {
  readonly given?: Partial<Known["given"]>;
  readonly source?: readonly string[];
  readonly digests?: Readonly<Record<string, string>>;
  readonly mirrored?: readonly string[];
  readonly gone?: readonly string[];
  readonly held?: Listing["held"];
  readonly candidates?: Listing["candidates"];
  readonly olds?: Readonly<Record<string, string>>;
  readonly pins?: Readonly<Record<string, string>>;
  readonly policyDigest?: string;
}

/** What is wanted of a source with 1.0.0 and 1.1.0, the first of which is mirrored, as `old`. */
const wantedOf = (one: Case = {}) =>
  wantedDigests({
    given: { tags: { mode: "semver" }, ...one.given },
    listing: {
      source: one.source ?? ["1.0.0", "1.1.0"],
      destination: ["1.0.0"],
      digests: map(one.digests ?? { "1.1.0": "new" }),
      mirrored: new Set(one.mirrored ?? ["1.0.0"]),
      gone: new Set(one.gone),
      unasked: new Set(),
      held: one.held ?? new Map(),
      candidates: one.candidates ?? new Map(),
    },
    pins: map(one.pins),
    olds: map(one.olds ?? { "1.0.0": "old" }),
    policyDigest: one.policyDigest,
    now,
  });

const wanted = (one?: Case) => Object.fromEntries(wantedOf(one).digests);

const verified = { replaceTag: "verified" } as const;
const refused = (policyDigest?: string): Listing["held"] =>
  new Map([["1.1.0", { why: "refused", digest: "new", policyDigest }]]);

test.each<[string, Case, Readonly<Record<string, string>>]>([
  [
    "what is mirrored stays, what is new comes",
    {},
    { "1.0.0": "old", "1.1.0": "new" },
  ],
  [
    "a mirrored tag that moved stays as it is",
    { digests: { "1.0.0": "moved", "1.1.0": "new" } },
    { "1.0.0": "old", "1.1.0": "new" },
  ],
  [
    "and follows where that is wanted",
    { given: verified, digests: { "1.0.0": "moved", "1.1.0": "new" } },
    { "1.0.0": "moved", "1.1.0": "new" },
  ],
  [
    "a pin holds, whatever the source names",
    {
      given: verified,
      digests: { "1.0.0": "moved" },
      pins: { "1.0.0": "pin" },
    },
    { "1.0.0": "pin" },
  ],
  [
    "a pinned tag is wanted though no rule chooses it",
    { source: [], pins: { extra: "pin" } },
    { "1.0.0": "old", extra: "pin" },
  ],
  [
    "a new tag whose digest nobody learned is left to the plan",
    { digests: {} },
    { "1.0.0": "old" },
  ],
  [
    "a mirrored tag that is gone from the destination comes again as it was",
    { gone: ["1.0.0"], digests: { "1.0.0": "moved" } },
    { "1.0.0": "old" },
  ],
  [
    "but not where the rules do not choose it any more",
    { source: ["1.1.0"], gone: ["1.0.0"] },
    { "1.1.0": "new" },
  ],
  [
    "a tag that never came in is wanted as the source names it now",
    {
      mirrored: [],
      olds: { "1.0.0": "refused" },
      digests: { "1.0.0": "signed" },
    },
    { "1.0.0": "signed" },
  ],
  [
    "and not at all where the rules do not choose it any more",
    { mirrored: [], olds: { "0.9.0": "refused" } },
    { "1.1.0": "new" },
  ],
  [
    "what is no longer chosen is kept",
    { source: ["1.1.0"] },
    { "1.0.0": "old", "1.1.0": "new" },
  ],
  [
    "or pruned",
    { source: ["1.1.0"], given: { prune: "untag" } },
    { "1.1.0": "new" },
  ],
  [
    "an empty source prunes nothing",
    { source: [], given: { prune: "untag" } },
    { "1.0.0": "old" },
  ],
  [
    "what is refused stays in the plan, so that it is refused in each preview",
    { held: refused("p"), policyDigest: "p" },
    { "1.0.0": "old", "1.1.0": "new" },
  ],
  [
    "or is left out where refusals are kept",
    { given: { onRefused: "keep" }, held: refused("p"), policyDigest: "p" },
    { "1.0.0": "old" },
  ],
  [
    "until the policy is another",
    { given: { onRefused: "keep" }, held: refused("p"), policyDigest: "q" },
    { "1.0.0": "old", "1.1.0": "new" },
  ],
  [
    "or not known yet",
    { given: { onRefused: "keep" }, held: refused() },
    { "1.0.0": "old", "1.1.0": "new" },
  ],
  [
    "or the source names something else",
    {
      given: { onRefused: "keep" },
      held: refused("p"),
      policyDigest: "p",
      digests: { "1.1.0": "newer" },
    },
    { "1.0.0": "old", "1.1.0": "newer" },
  ],
  [
    "a tag that is taken at the destination is left alone",
    { held: new Map([["1.1.0", { why: "occupied", digest: "new" }]]) },
    { "1.0.0": "old" },
  ],
  [
    "unless tags are replaced",
    {
      given: verified,
      held: new Map([["1.1.0", { why: "occupied", digest: "new" }]]),
    },
    { "1.0.0": "old", "1.1.0": "new" },
  ],
])("%s", (_, one, expected) => {
  expect(wanted(one)).toEqual(expected);
});

test("what is too young waits: a new tag is left out, a mirrored one stays, and both are named with their date", () => {
  const minAge = { duration: "3d", by: "firstSeen" } as const;
  const candidate = (digest: string) => ({
    digest,
    firstSeen: "2026-11-20T12:00:00.000Z",
  });
  const { digests, waiting } = wantedOf({
    given: { ...verified, tags: { mode: "semver", minAge } },
    digests: { "1.0.0": "moved", "1.1.0": "new" },
    candidates: new Map([
      ["1.0.0", candidate("moved")],
      ["1.1.0", candidate("new")],
    ]),
  });
  expect(Object.fromEntries(digests)).toEqual({ "1.0.0": "old" });
  expect(waiting).toHaveLength(2);
  expect(waiting[0]).toContain("2026-11-23T12:00:00.000Z");
});

test("mirrored tags that are to follow from now on, and were not asked about, are named", () => {
  expect([...wantedOf({ given: verified }).unasked]).toEqual(["1.0.0"]);
  expect([...wantedOf().unasked]).toEqual([]);
});

test("tags are renamed, and still follow", () => {
  const rename = { pattern: "(.*)", to: "v$1" };
  expect(
    wanted({
      given: { ...verified, rename },
      mirrored: ["v1.0.0"],
      olds: { "v1.0.0": "old" },
      digests: { "1.0.0": "moved", "1.1.0": "new" },
    }),
  ).toEqual({ "v1.0.0": "moved", "v1.1.0": "new" });
});

test("ten thousand tags take no time to speak of", () => {
  const source = Array.from({ length: 10_000 }, (_, index) => `1.0.${index}`);
  const digests = Object.fromEntries(source.map((tag) => [tag, `d${tag}`]));
  const from = performance.now();
  expect(
    wantedOf({
      source,
      digests,
      mirrored: source,
      olds: digests,
      given: verified,
    }).digests.size,
  ).toBe(10_000);
  expect(performance.now() - from).toBeLessThan(10_000);
});
