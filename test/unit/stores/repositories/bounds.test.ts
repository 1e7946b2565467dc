import { json } from "../script";
import { listing, namesIn } from "./listing";

const registry = "reg.example";
const names = (count: number) =>
  Array.from({ length: count }, (_, at) => `r${`${at}`.padStart(5, "0")}`);

test("a registry that refuses the page's size is asked once without one", async () => {
  const at = listing(({ searchParams }) =>
    searchParams.has("n")
      ? json({ errors: [] }, 400)
      : json({ repositories: ["a"] }),
  );
  expect(namesIn(await at.list({ registry }))).toEqual(["a"]);
  expect(at.asked()).toHaveLength(2);
});

test("after as many as are wanted nobody reads on, and the answer says so", async () => {
  const at = listing(({ searchParams }) => ({
    ...json({
      repositories: names(100).map(
        (name) => `${searchParams.get("last") ?? "a"}/${name}`,
      ),
    }),
    headers: {
      link: `</v2/_catalog?last=${searchParams.get("last") ?? "a"}a>; rel="next"`,
    },
  }));
  const listed = await at.list({ registry, max: 150 });
  expect(listed.repositories).toHaveLength(150);
  expect(listed.isComplete).toBe(false);
  expect(listed.notes).toEqual([
    "there are more than these 150: nobody read on",
  ]);
  expect(at.asked()).toHaveLength(2);
});

test("exactly as many as are wanted are complete", async () => {
  const at = listing(() => json({ repositories: names(3) }));
  const listed = await at.list({ registry, max: 3 });
  expect(listed).toMatchObject({ isComplete: true, notes: [] });
});

test("pages that lead in a circle are an error", async () => {
  const at = listing(() => ({
    ...json({ repositories: ["a"] }),
    headers: { link: '</v2/_catalog?n=100>; rel="next"' },
  }));
  await expect(at.list({ registry })).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
});

test("what no reference could hold is left out, and counted", async () => {
  const at = listing(() =>
    json({ repositories: ["ok", "Not A Name", "a//b", "\u001b[31m", 7, null] }),
  );
  const listed = await at.list({ registry });
  expect(namesIn(listed)).toEqual(["ok"]);
  expect(listed.notes).toEqual([
    "3 names that no reference can hold are left out",
  ]);
});

test("an empty registry is an empty list", async () => {
  const at = listing(() => json({ repositories: null }));
  expect(await at.list({ registry })).toMatchObject({
    way: "distribution",
    repositories: [],
    isComplete: true,
  });
});

test("a web page is an error", async () => {
  const at = listing(() => ({
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<html>log in</html>",
  }));
  await expect(at.list({ registry })).rejects.toMatchObject({
    fault: "corrupt",
    message: expect.stringContaining("a web page came instead"),
  });
});

test.each([
  ["docker.io.evil.example", "distribution"],
  ["quay.io.evil.example", "distribution"],
  ["evil-ghcr.io", "distribution"],
  ["acme.jfrog.io.evil.example", "distribution"],
])("%s is no host that we know, whatever its name holds", async (host, way) => {
  const at = listing(() => json({ repositories: [] }));
  expect((await at.list({ registry: host, namespace: "acme" })).way).toBe(way);
  expect(at.asked()).toEqual([`GET https://${host}/v2/_catalog?n=100`]);
});

test("a page beyond its bound is an error", async () => {
  const at = listing(() => ({
    status: 200,
    headers: {},
    body: Buffer.alloc(9 * 1024 * 1024, " "),
  }));
  await expect(at.list({ registry })).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
  });
});

test("what zot calls a newest tag is one, or none", async () => {
  const at = listing(() =>
    json({
      data: {
        RepoListWithNewestImage: {
          Results: [
            { Name: "a", NewestImage: { Tag: "1\u001b[31m" } },
            { Name: "b", NewestImage: null },
          ],
        },
      },
    }),
  );
  const { repositories } = await at.list({ registry, way: "zot" });
  expect(repositories.map(({ newest }) => newest)).toEqual([
    undefined,
    undefined,
  ]);
});

test("zot's own complaint is told", async () => {
  const at = listing(() => json({ errors: [{ message: "search is off" }] }));
  await expect(at.list({ registry, way: "zot" })).rejects.toMatchObject({
    message: expect.stringContaining("zot's search says: search is off"),
  });
});
