import type { Reach } from "../../../provider/mirror/ports";
import { digestOf, referrersTag } from "../../../provider/oci/digest";
import { mediaTypes } from "../../../provider/oci/mediaType";
import { openRegistries } from "../../../provider/stores/registry/registry";
import { fakeClock, referenceTo } from "./opened";
import { json, reachBy, scripted, type Reply, type Script } from "./script";

const origin = "https://reg.example";
const subject = digestOf(Buffer.from("subject"));
const api = `/v2/a/b/referrers/${subject}`;
const tag = `/v2/a/b/manifests/${referrersTag(subject)}`;

interface World {
  readonly script: Script;
  readonly list: () => Promise<readonly string[]>;
}

function world(
  answers: Readonly<Record<string, Reply | ((url: URL) => Reply)>>,
): World {
  const script = scripted(({ url }) => {
    const answer = answers[url.pathname];
    if (answer === undefined)
      return json({ errors: [{ code: "MANIFEST_UNKNOWN" }] }, 404);
    return typeof answer === "function" ? answer(url) : answer;
  });
  const registries = openRegistries({
    registries: [],
    credentials: async () => undefined,
    clock: fakeClock(),
  });
  const store = registries(referenceTo("reg.example/a/b"), {
    side: "source",
    isWriter: false,
  });
  const reach: Reach = reachBy(script.send);
  return {
    script,
    list: async () =>
      (await store.referrers(subject, reach)).map(({ digest }) => digest),
  };
}

function digests(...names: readonly string[]): readonly string[] {
  return names.map((name) => digestOf(Buffer.from(name)));
}

function index(names: readonly string[], link?: string): Reply {
  const manifests = digests(...names).map((digest) => ({
    mediaType: mediaTypes.ociManifest,
    digest,
    size: 1,
    artifactType: "a/b",
  }));
  return {
    status: 200,
    headers: {
      "content-type": `${mediaTypes.ociIndex}; charset=utf-8`,
      ...(link === undefined ? {} : { link }),
    },
    body: JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests,
    }),
  };
}

test("W100: the API's answer is the answer, and the tag is not asked", async () => {
  const { list, script } = world({ [api]: index(["x"]) });
  await expect(list()).resolves.toEqual(digests("x"));
  expect(script.requests).toHaveLength(1);
});

test("W103, F43: every page is read, relative and absolute links, each entry once", async () => {
  const pages: Readonly<Record<string, Reply>> = {
    "": index(["x", "y"], `<${api}?p=2>; rel="next"`),
    "?p=2": index(
      ["y", "z"],
      `<https://ignored.test/>; rel="prev", <${origin}${api}?p=3>; title="a, b"; rel=next`,
    ),
    "?p=3": index(["w"]),
  };
  const { list } = world({
    [api]: ({ search }) => pages[search] ?? { status: 500 },
  });
  await expect(list()).resolves.toEqual(digests("x", "y", "z", "w"));
});

test.each([
  [
    "W102: an error on page two",
    `<${api}?p=2>; rel="next"`,
    { status: 500 },
    "REGISTRY_UNAVAILABLE",
  ],
  [
    "W103: a page two that is no index",
    `<${api}?p=2>; rel="next"`,
    { status: 200, headers: { "content-type": "text/html" } },
    "PROTOCOL",
  ],
  [
    "W103: a page two that is denied",
    `<${api}?p=2>; rel="next"`,
    { status: 403 },
    "AUTH_DENIED",
  ],
  [
    "T33, N15: a link to itself",
    `<${api}>; rel="next"`,
    index(["y"]),
    "LIMIT_EXCEEDED",
  ],
  [
    "N14: a link to another host",
    `<https://attacker.test${api}>; rel="next"`,
    index(["y"]),
    "PROTOCOL",
  ],
  [
    "N14: a link to another repository",
    `</v2/a/other/referrers/${subject}>; rel="next"`,
    index(["y"]),
    "PROTOCOL",
  ],
  [
    "N14: a link out of the repository by dots",
    `</v2/a/b/../other/referrers/x>; rel="next"`,
    index(["y"]),
    "PROTOCOL",
  ],
])("%s fails the whole listing", async (_, link, second, code) => {
  const { list, script } = world({
    [api]: ({ search }) => (search === "" ? index(["x"], link) : second),
  });
  await expect(list()).rejects.toMatchObject({ code });
  expect(
    script.requests.every(
      ({ url }) => url.origin === origin && url.pathname === api,
    ),
  ).toBe(true);
});

test("T33, W103: more than a hundred pages are too many", async () => {
  const { list, script } = world({
    [api]: ({ searchParams }) =>
      index(
        ["x"],
        `<${api}?p=${Number(searchParams.get("p") ?? 1) + 1}>; rel="next"`,
      ),
  });
  await expect(list()).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  expect(script.requests).toHaveLength(100);
});

describe("W101: where the API is not offered, the fallback tag is read", () => {
  test.each<[string, Reply]>([
    [
      "404 in plain text",
      {
        status: 404,
        headers: { "content-type": "text/plain" },
        body: "404 page not found",
      },
    ],
    ["405", { status: 405 }],
    ["406", { status: 406 }],
    ["400", { status: 400 }],
    ["401 though other calls work (Harbor 2.7)", { status: 401 }],
    ["403 though other calls work", { status: 403 }],
    [
      "303 to another host (GHCR)",
      { status: 303, headers: { location: "https://github.com/x" } },
    ],
    [
      "W100: a web page",
      { status: 200, headers: { "content-type": "text/html" }, body: "<html>" },
    ],
  ])("%s", async (_, answer) => {
    const { list, script } = world({ [api]: answer, [tag]: index(["x"]) });
    await expect(list()).resolves.toEqual(digests("x"));
    expect(script.requests.every(({ url }) => url.origin === origin)).toBe(
      true,
    );
  });

  test("a repository is asked for the API once only", async () => {
    const { list, script } = world({
      [api]: { status: 404 },
      [tag]: index(["x"]),
    });
    await list();
    await list();
    expect(
      script.requests.filter(({ url }) => url.pathname === api),
    ).toHaveLength(1);
  });

  test("a 401 is not remembered", async () => {
    const { list, script } = world({
      [api]: { status: 401 },
      [tag]: index(["x"]),
    });
    await list();
    await list();
    expect(
      script.requests.filter(({ url }) => url.pathname === api),
    ).toHaveLength(2);
  });

  test.each([401, 403])(
    "a %i without a list under the fallback tag is an error: a denial is no absence",
    async (status) => {
      const { list } = world({ [api]: { status } });
      await expect(list()).rejects.toMatchObject({ fault: "denied" });
    },
  );

  test("no fallback tag is no referrers", async () => {
    const { list } = world({ [api]: { status: 404 } });
    await expect(list()).resolves.toEqual([]);
  });

  test("a fallback tag that holds a manifest is neither evidence nor an error", async () => {
    const config = { mediaType: "a/b", digest: subject, size: 1 };
    const body = JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config,
      layers: [],
    });
    const { list } = world({
      [api]: { status: 404 },
      [tag]: {
        status: 200,
        headers: { "content-type": mediaTypes.ociManifest },
        body,
      },
    });
    await expect(list()).resolves.toEqual([]);
  });

  test.each<[string, Reply, string]>([
    ["401", { status: 401 }, "AUTH_REQUIRED"],
    ["403", { status: 403 }, "AUTH_DENIED"],
    ["500", { status: 500 }, "REGISTRY_UNAVAILABLE"],
    ["a 404 that proves nothing", { status: 404, body: "?" }, "PROTOCOL"],
    [
      "an index that cannot be read",
      { ...index([]), body: '{"manifests":1}' },
      "PROTOCOL",
    ],
  ])(
    "G7: a fallback tag answered with %s is an error, never no referrers",
    async (_, answer, code) => {
      const { list } = world({ [api]: { status: 404 }, [tag]: answer });
      await expect(list()).rejects.toMatchObject({ code });
    },
  );
});

test.each([429, 500, 502, 503, 504])(
  "W102: %i from the API is an error, never no referrers",
  async (status) => {
    const { list, script } = world({ [api]: { status }, [tag]: index([]) });
    await expect(list()).rejects.toMatchObject({ fault: "unreachable" });
    expect(script.requests.filter(({ url }) => url.pathname === tag)).toEqual(
      [],
    );
  },
);

test("W102: a lost connection is an error", async () => {
  const { list } = world({
    [api]: () => {
      throw new Error("reset");
    },
  });
  await expect(list()).rejects.toThrow("reset");
});

test("W102: where the API was offered before, a 403 is an error", async () => {
  let isDown = false;
  const { list } = world({
    [api]: () => (isDown ? { status: 403 } : index(["x"])),
    [tag]: index([]),
  });
  await list();
  isDown = true;
  await expect(list()).rejects.toMatchObject({ code: "AUTH_DENIED" });
});
