import { json } from "../stores/script";
import { listing, namesIn } from "../stores/repositories/listing";

const registry = "reg.example";

test("a catalogue that goes on with names nobody could ask for ends in an error, before memory does", async () => {
  let page = 0;
  const at = listing(() => {
    page += 1;
    if (page > 40) return json({ repositories: [] });
    const repositories = Array.from(
      { length: 20_000 },
      (_, index) => `Not A Name ${page} ${index}`,
    );
    return {
      ...json({ repositories }),
      headers: { link: `</v2/_catalog?last=${page}>; rel="next"` },
    };
  });
  await expect(at.list({ registry })).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
  expect(page).toBeLessThan(20);
});

test("an address of a next page that is as long as a page is not kept and not asked", async () => {
  const at = listing(({ pathname }) =>
    pathname.includes("repositories")
      ? json({
          results: [{ name: "a" }],
          next: `https://hub.docker.com/v2/namespaces/acme/repositories?x=${"y".repeat(1_000_000)}`,
        })
      : json({}),
  );
  await expect(
    at.list({ registry: "docker.io", namespace: "acme" }),
  ).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  expect(at.asked()).toHaveLength(1);
});

test("a repository of Google's with more children than a call has room for is an error of ours, not of the machine", async () => {
  const child = Array.from({ length: 150_000 }, (_, index) => `c${index}`);
  const at = listing(() => json({ child, tags: [], manifest: {} }));
  await expect(
    at.list({ registry: "gcr.io", namespace: "acme" }),
  ).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
});

test("Google's children are asked for only where they are names: none leads out of its repository", async () => {
  const odd = [
    "..",
    "../../other",
    "a?b",
    "a#b",
    "A",
    "",
    "x/../../y",
    "%2e%2e",
  ];
  const at = listing(({ pathname }) =>
    pathname === "/v2/acme/tags/list"
      ? json({ child: [...odd, "good"], tags: [], manifest: {} })
      : json({ child: [], tags: ["1"], manifest: {} }),
  );
  const listed = await at.list({ registry: "gcr.io", namespace: "acme" });
  expect(namesIn(listed)).toEqual(["acme/good"]);
  expect(at.asked()).toHaveLength(2);
});
