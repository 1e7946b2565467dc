import { asked, sum } from "./process";
import { bare, counting, small, type Signed } from "./published";

/** n blobs: each is read, begun and written; the manifest is read, and written by digest and by tag */
const blobs = 4;
const copying = {
  source: { "GET blob": blobs, "HEAD manifest": 1, "GET manifest": 1 },
  destination: {
    "GET manifest": 1, // what the tag names
    "HEAD manifest": 2, // the root, and the tag read back (W59)
    "POST upload": blobs,
    "PUT upload": blobs,
    "PUT manifest": 2,
  },
};

test("§3.1: an artifact of 4 blobs alone is copied in 3n + 2 requests and five more: both tags, the root, and the tag written and read back", () =>
  counting(async ({ source, destination, open, publish }) => {
    await open().up({ ...(await publish(small, "not")), ...bare });
    const found = [asked(source), asked(destination)] as const;
    expect(found[0]).toMatchObject(copying.source);
    expect(found[1]).toMatchObject(copying.destination);
    expect(found.map(sum)).toEqual([6, 13]);
  }));

test.each<[Signed, number, number]>([
  // referrers and three tags at the source
  ["not", 6 + 4, 13],
  // + the list about the signature, its layer and its config; here: its tag, two blobs, its manifest by digest and tag, read back; root, referrers, its tag and layer read to be judged
  ["by tag", 6 + 4 + 3, 13 + 12],
  // + the manifest, the list about it, and the bundle; here: one blob and `{}`, the manifest, its list asked once to prove the API; root, list, manifest and bundle read to be judged
  ["by referrer", 6 + 4 + 3, 13 + 10],
])(
  "§3.1: with all evidence, signed %s: %i requests at the source, %i at the destination",
  (how, atSource, atDestination) =>
    counting(async ({ source, destination, open, publish }) => {
      await open().up(await publish(small, how));
      expect([sum(asked(source)), sum(asked(destination))]).toEqual([
        atSource,
        atDestination,
      ]);
    }),
);

test("a preview reads each manifest and each piece of evidence once, and asks the destination once for each part", () =>
  counting(async ({ source, destination, open, publish }) => {
    const inputs = await publish(small, "by tag");
    await open().preview(inputs);
    expect(asked(source)).toMatchObject({
      "HEAD manifest": 1,
      "GET manifest": 4,
      "GET referrers": 2,
      "GET blob": 1,
    });
    const found = asked(destination);
    expect(found).toMatchObject({
      "GET manifest": 2,
      "HEAD manifest": 2,
      "HEAD blob": 6,
    });
    expect(sum(found)).toBe(10);
  }));

test("a preview into a repository that the registry says is not there asks it one question", () =>
  counting(
    async ({ destination, open, publish }) => {
      const told = await open().preview(await publish(small, "by tag"));
      expect(told.join()).toContain("would copy 6 blobs");
      expect(sum(asked(destination))).toBe(1);
    },
    { missingRepositories: "refuse" },
  ));

test("a pinned source is read by its digest in one request", () =>
  counting(async ({ source, open, publish }) => {
    const inputs = await publish(small, "not");
    const { digest } = small.descriptor;
    const pinned = `${String(inputs.source)}@${digest}`;
    await open().up({ ...inputs, ...bare, source: pinned });
    expect(asked(source)).toMatchObject({ "GET manifest": 1 });
    expect(source.requests.some(({ method }) => method === "HEAD")).toBe(false);
  }));
