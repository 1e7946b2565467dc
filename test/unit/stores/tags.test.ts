import { openRegistries } from "../../../provider/stores/registry/registry";
import { fakeClock, referenceTo } from "./opened";
import { json, reachBy, scripted, type Reply, type Script } from "./script";

function tagging(answer: (url: URL) => Reply): {
  readonly list: () => Promise<readonly string[]>;
  script: Script;
} {
  const script = scripted(({ url }) => answer(url));
  const registries = openRegistries({
    registries: [],
    credentials: async () => undefined,
    clock: fakeClock(),
  });
  const store = registries(referenceTo("reg.example/a/b"), {
    side: "source",
    isWriter: false,
  });
  return { script, list: () => store.tags(reachBy(script.send)) };
}

test("W120, W122: pages of 100, the server's own links, sorted, each once", async () => {
  const { list, script } = tagging(({ search }) =>
    search === "?n=100"
      ? {
          ...json({ tags: ["b", "a"] }),
          headers: {
            link: '</v2/a/b/tags/list?next_page=x%2Fy>; rel="next"',
          },
        }
      : json({ tags: ["c", "a"] }),
  );
  await expect(list()).resolves.toEqual(["a", "b", "c"]);
  expect(script.requests[1]?.url.search).toBe("?next_page=x%2Fy");
});

test.each([400, 405, 406])(
  "W121: a page size refused with %i is left out once",
  async (status) => {
    const { list, script } = tagging(({ search }) =>
      search === "" ? json({ tags: ["a"] }) : { status },
    );
    await expect(list()).resolves.toEqual(["a"]);
    expect(script.requests).toHaveLength(2);
  },
);

test.each([
  ["null", { tags: null }, []],
  ["missing", {}, []],
  [
    "digests among them (Artifactory)",
    { tags: ["a", `sha256:${"0".repeat(64)}`, 7, ".x"] },
    ["a"],
  ],
])("W123: tags that are %s", async (_, body, expected) => {
  await expect(tagging(() => json(body)).list()).resolves.toEqual(expected);
});

test("a repository that is not there is an error", async () => {
  await expect(
    tagging(() => json({ errors: [{ code: "NAME_UNKNOWN" }] }, 404)).list(),
  ).rejects.toMatchObject({ code: "NOT_FOUND_REPO" });
});

test("T33, N15: pages that lead in a circle end", async () => {
  const { list } = tagging(() => ({
    ...json({ tags: ["a"] }),
    headers: { link: '</v2/a/b/tags/list?n=100>; rel="next"' },
  }));
  await expect(list()).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
});
