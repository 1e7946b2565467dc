import { openRegistries } from "../../../provider/stores/registry/registry";
import { fakeClock, referenceTo } from "./opened";
import { json, reachBy, scripted, type Reply, type Script } from "./script";

const digestOf = (nth: number): string =>
  `sha256:${nth.toString(16).padStart(64, "0")}`;
const subject = digestOf(0xff);

/** What is listed at a registry that answers as told, and what it was asked for. */
function listing(
  kind: "tags" | "referrers",
  answer: (url: URL) => Reply | Error,
): { readonly list: () => Promise<readonly string[]>; script: Script } {
  const script = scripted(({ url }) => answer(url));
  const store = openRegistries({
    registries: [],
    credentials: async () => undefined,
    clock: fakeClock(),
  })(referenceTo("reg.example/a/b"), { side: "source", isWriter: false });
  const reach = reachBy(script.send);
  return {
    script,
    list: async () =>
      kind === "tags"
        ? store.tags(reach)
        : (await store.referrers(subject as never, reach)).map(
            ({ digest }) => digest,
          ),
  };
}

interface Page {
  readonly items: readonly number[];
  readonly link?: string;
}

/** One page as a registry writes it. */
function page(kind: "tags" | "referrers", { items, link }: Page): Reply {
  const plain =
    kind === "tags"
      ? json({ tags: items.map((nth) => `t${nth}`) })
      : json({
          schemaVersion: 2,
          mediaType: "application/vnd.oci.image.index.v1+json",
          manifests: items.map((nth) => ({
            mediaType: "application/vnd.oci.image.manifest.v1+json",
            digest: digestOf(nth),
            size: 100,
          })),
        });
  const type =
    kind === "tags"
      ? "application/json"
      : "application/vnd.oci.image.index.v1+json";
  return {
    ...plain,
    headers: { "content-type": type, ...(link ? { link } : {}) },
  };
}

const paths = {
  tags: "/v2/a/b/tags/list",
  referrers: `/v2/a/b/referrers/${subject}`,
};
const some = (at: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, nth) => at * count + nth);
const at = ({ searchParams }: URL): number =>
  Number(searchParams.get("cursor") ?? 0);

describe.each(["tags", "referrers"] as const)(
  "W103, W120, W124: 100 pages of %s",
  (kind) => {
    const count = kind === "tags" ? 100 : 5;
    const path = paths[kind];
    const pageAt = (nth: number, link: (next: number) => string): Reply =>
      page(kind, {
        items: some(nth, count),
        link: nth < 99 ? link(nth + 1) : undefined,
      });
    const relative = (next: number): string =>
      `<${path}?cursor=${next}>; rel="next"`;

    test.each<[string, (next: number) => string]>([
      ["relative links", relative],
      [
        "absolute links",
        (next) => `<https://reg.example${path}?cursor=${next}>; rel=next`,
      ],
      ["a query alone", (next) => `<?cursor=${next}>; rel="next"`],
      [
        "an odd cursor that stays as it is",
        (next) => `<${path}?cursor=${next}&c=%2Fa%20b+c%3D%3D&c=x>; rel="next"`,
      ],
      [
        "a link among others",
        (next) =>
          `<${path}?cursor=0>; rel="first", <${path}?cursor=${next}>; rel="next"`,
      ],
    ])("by %s are all found, each page asked for once", async (_, link) => {
      const { list, script } = listing(kind, (url) => pageAt(at(url), link));
      const found = await list();
      expect(new Set(found).size).toBe(100 * count);
      expect(script.requests).toHaveLength(100);
      const search = script.requests.at(-1)?.url.search ?? "";
      expect(link(99)).toContain(`${search}>`);
      expect(script.open()).toBe(0);
    });

    test("with a page that comes twice are each found once", async () => {
      const { list } = listing(kind, (url) =>
        page(kind, {
          items: some(Math.min(at(url), 50), count),
          link: at(url) < 60 ? relative(at(url) + 1) : undefined,
        }),
      );
      await expect(list()).resolves.toHaveLength(51 * count);
    });

    test.each<[string, Reply]>([
      ["404", json({ errors: [{ code: "NOT_FOUND" }] }, 404)],
      ["500", { status: 500 }],
      [
        "a web page",
        {
          status: 200,
          headers: { "content-type": "text/html" },
          body: "<html>",
        },
      ],
      [
        "half a page",
        {
          status: 200,
          headers: { "content-type": "application/json" },
          body: '{"tags":["a"',
        },
      ],
    ])(
      "W102: whose last page is %s are an error, never 99 pages",
      async (_, last) => {
        const { list, script } = listing(kind, (url) =>
          at(url) === 99 ? last : pageAt(at(url), relative),
        );
        await expect(list()).rejects.toMatchObject({ name: "MirrorError" });
        expect(script.open()).toBe(0);
      },
    );

    test("N15: that lead in a circle end after the circle", async () => {
      const { list, script } = listing(kind, (url) =>
        pageAt(at(url), () => relative((at(url) + 1) % 10)),
      );
      await expect(list()).rejects.toMatchObject({
        code: "LIMIT_EXCEEDED",
        message: expect.stringContaining("circle"),
      });
      expect(script.requests.length).toBeLessThanOrEqual(11);
    });

    test("N15: that never end, with ever new cursors, are bounded", async () => {
      const { list, script } = listing(kind, (url) =>
        page(kind, { items: [1], link: relative(at(url) + 1) }),
      );
      await expect(list()).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
      expect(script.requests).toHaveLength(kind === "tags" ? 1000 : 100);
    });

    test.each([
      "https://evil.example/v2/a/b/tags/list?n=1",
      "http://reg.example/v2/a/b/tags/list?n=1",
      "https://reg.example:444/v2/a/b/tags/list",
      "/v2/a/other/tags/list",
      "/v2/a/b/../other/tags/list",
      "//evil.example/v2/a/b/tags/list",
      "https://u:p@reg.example/v2/a/b/tags/list",
    ])("N14: are not followed to %s", async (target) => {
      const { list, script } = listing(kind, () =>
        page(kind, { items: [1], link: `<${target}>; rel="next"` }),
      );
      await expect(list()).rejects.toMatchObject({ code: "PROTOCOL" });
      expect(script.requests).toHaveLength(1);
    });
  },
);

test("W103: more than 10,000 referrers are an error that names the limit, never a part of them", async () => {
  const { list } = listing("referrers", (url) =>
    page("referrers", {
      items: some(at(url), 1000),
      link:
        at(url) < 20
          ? `<${paths.referrers}?cursor=${at(url) + 1}>; rel="next"`
          : undefined,
    }),
  );
  await expect(list()).rejects.toMatchObject({
    code: "LIMIT_EXCEEDED",
    message: expect.stringContaining("10000"),
  });
});

test("W103: 10,000 referrers in 100 pages are all found", async () => {
  const { list } = listing("referrers", (url) =>
    page("referrers", {
      items: some(at(url), 100),
      link:
        at(url) < 99
          ? `<${paths.referrers}?cursor=${at(url) + 1}>; rel="next"`
          : undefined,
    }),
  );
  await expect(list()).resolves.toHaveLength(10_000);
});

test("W121: a page size that is refused on a later page is refused, and nothing is invented", async () => {
  const { list, script } = listing("tags", (url) =>
    url.searchParams.has("cursor")
      ? { status: 405 }
      : page("tags", {
          items: [1],
          link: `<${paths.tags}?n=100&cursor=1>; rel="next"`,
        }),
  );
  await expect(list()).rejects.toMatchObject({ code: "UNSUPPORTED" });
  expect(script.requests).toHaveLength(2);
});

test("many who want the same tags at once share one walk, and whoever comes later gets a new one", async () => {
  const { list, script } = listing("tags", (url) =>
    page("tags", {
      items: some(at(url), 100),
      link:
        at(url) < 9
          ? `<${paths.tags}?cursor=${at(url) + 1}>; rel="next"`
          : undefined,
    }),
  );
  const lists = await Promise.all(Array.from({ length: 20 }, list));
  expect(lists.map(({ length }) => length)).toEqual(Array(20).fill(1000));
  expect(script.requests).toHaveLength(10);
  await list();
  expect(script.requests).toHaveLength(20);
});
