import { layerOf, pathTo } from "./asked";
import { broken, brokenRerun, endOf } from "./invariants";
import { destinationName, sourceName, useStages, type Stage } from "./stage";
import { copied, says } from "./uploading";

const set = useStages();
const always = Number.POSITIVE_INFINITY;
const size = 200_000;

describe.each([
  ["mount-401", { status: 401, ...says("UNAUTHORIZED") }],
  ["mount-403", { status: 403, ...says("DENIED") }],
  ["mount-404", { status: 404, ...says("NAME_UNKNOWN") }],
  ["mount-405", { status: 405, ...says("UNSUPPORTED") }],
])("%s (F18, W92)", (_, action) => {
  test("the copy is a plain upload then", async () => {
    const stage = await mounting();
    stage.to.proxy.misbehave({
      method: "POST",
      path: /mount=.*from=|from=.*mount=/,
      times: always,
      action,
    });
    await copied(stage);
  });
});

test("mount-202: the session that came instead is used or cancelled (F19, W91)", async () => {
  const stage = await mounting({ mount: false });
  await copied(stage);
  expect(stage.to.registry.openUploads()).toEqual([]);
});

test("mount-201 of what is not there: not believed (N63, W91)", async () => {
  const stage = await mounting();
  stage.to.proxy.misbehave({
    method: "POST",
    path: /mount=/,
    times: always,
    action: { forget: true },
  });
  await copied(stage);
});

/** The destination knows the blobs already, in a repository beside. */
async function mounting(
  options: { readonly mount?: boolean } = {},
): Promise<Stage> {
  const stage = await set({ to: { auth: "token", ...options } });
  for (const { blobs } of stage.artifact.children) {
    for (const blob of blobs) stage.to.registry.putBlob("mirror/beside", blob);
  }
  return stage;
}

describe("location-forms (F21, W81)", () => {
  test.each(["relative", "absolute"] as const)("%s", async (locations) => {
    await copied(await set({ to: { auth: "token", locations } }));
  });
});

test.each([
  ["location-foreign", "https://attacker.test/upload?_state=1"],
  ["location-foreign", "http://10.0.0.1/upload"],
  ["location-http", "http://attacker.test/v2/mirror/app/blobs/uploads/1"],
])("%s: %s gets no byte and no credential (N10, N11)", async (_, location) => {
  const stage = await set();
  stage.to.proxy.misbehave({
    method: "POST",
    path: /uploads/,
    times: always,
    action: { rewriteHeader: { location } },
  });
  const outcome = await stage.up();
  expect(endOf(outcome)).toBe("PROTOCOL");
  expect(
    stage.to.proxy.journal.filter(({ method }) => method === "PUT"),
  ).toEqual([]);
  expect(broken(stage, outcome)).toEqual([]);
});

test("immutable: a tag that names it already is a success (F52)", async () => {
  const immutable = { auth: "token", immutableTags: "ecr" } as const;
  const stage = await set({ to: immutable });
  await copied(stage);
  expect(await brokenRerun(stage)).toEqual([]);
});

test.each(["ecr", "harbor"] as const)(
  "immutable: a tag that names something else is TAG_IMMUTABLE and stays (%s, F52)",
  async (immutableTags) => {
    const stage = await set({ to: { auth: "token", immutableTags } });
    const { registry } = stage.to;
    const old = registry.putManifest(destinationName, {
      mediaType: "application/vnd.oci.image.index.v1+json",
      bytes: Buffer.from('{"schemaVersion":2,"manifests":[]}'),
    });
    registry.setTag(destinationName, "1", old);
    const outcome = await stage.up();
    expect(endOf(outcome)).toBe("TAG_IMMUTABLE");
    expect(registry.tag(destinationName, "1")).toBe(old);
  },
);

test("quota: the registry's words are shown, and it is not tried again (F53)", async () => {
  const stage = await set();
  const body = {
    ...says("DENIED"),
    body: '{"errors":[{"code":"DENIED","message":"adding 10 MiB would exceed the quota of 5 MiB"}]}',
  };
  const order = stage.to.proxy.misbehave({
    method: "PUT",
    path: pathTo(layerOf(stage).digest),
    times: always,
    action: { status: 403, ...body },
  });
  const outcome = await stage.up();
  expect(["QUOTA", "AUTH_DENIED"]).toContain(endOf(outcome));
  expect(String(outcome.error)).toContain("exceed the quota");
  expect(order.hits).toBe(1);
  expect(broken(stage, outcome)).toEqual([]);
});

test("no-repo: found out before a byte is sent (F51)", async () => {
  const missingRepositories = "refuse";
  const stage = await set({ to: { auth: "token", missingRepositories } });
  const outcome = await stage.up();
  expect(endOf(outcome)).toBe("NOT_FOUND_REPO");
  const { journal } = stage.to.proxy;
  const sent = journal.reduce((sum, one) => sum + one.requestBytes, 0);
  expect(sent).toBe(0);
  stage.to.registry.createRepository(destinationName);
  expect(await brokenRerun(stage)).toEqual([]);
});

describe("eventual (F33, W59)", () => {
  test.each([
    ["a manifest by digest", /\/manifests\/sha256:/],
    ["the tag", /\/manifests\/1$/],
  ])("%s shows only at the third look", async (_, path) => {
    const stage = await set();
    stage.to.proxy.misbehave({
      method: "PUT",
      path,
      times: always,
      action: { delayVisibility: 2 },
    });
    await copied(stage);
  });

  test("blobs are unknown to the manifest for a while", async () => {
    const stage = await set();
    stage.to.proxy.misbehave({
      method: "PUT",
      path: /\/manifests\/sha256:/,
      times: 3,
      action: { status: 404, ...says("MANIFEST_BLOB_UNKNOWN") },
    });
    await copied(stage);
  });
});

test("tag-move: what was verified is what is copied (F61, N38)", async () => {
  const stage = await set();
  const { registry } = stage.from;
  stage.from.proxy.misbehave({
    method: "GET",
    path: /\/manifests\/sha256:/,
    action: {
      delayMs: 1,
      meanwhile: () => {
        const bytes = Buffer.from('{"schemaVersion":2,"manifests":[]}');
        const mediaType = "application/vnd.oci.image.index.v1+json";
        const other = registry.putManifest(sourceName, { mediaType, bytes });
        registry.setTag(sourceName, "1", other);
      },
    },
  });
  await copied(stage);
});

test.each([
  ["at the source", "from", /\/blobs\//],
  ["at the destination", "to", /./],
] as const)(
  "goaway %s: connections that close behind every answer (F12)",
  async (_, side, path) => {
    const stage = await set({ layers: [size] });
    const action = { goaway: true };
    stage[side].proxy.misbehave({ path, times: always, action });
    await copied(stage);
  },
);
