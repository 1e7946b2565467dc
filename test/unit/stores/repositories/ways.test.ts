import { catalogWays } from "../../../../provider/mirror/repositories";
import { json } from "../script";
import { listing, namesIn } from "./listing";
import { standIns } from "./standIns";

const all = Object.entries(standIns);

test("every way has a stand-in; AWS's own is tried with its library", () => {
  expect([...Object.keys(standIns), "ecr"].sort()).toEqual(
    [...catalogWays].sort(),
  );
});

test.each(all)(
  "%s: every page is read by the product's own requests, and told in one form",
  async (name, { registry, namespace, way, asks, names, updated, answer }) => {
    const at = listing(answer);
    const listed = await at.list({ registry, namespace, way });
    expect(listed.way).toBe(name);
    expect(at.asked()).toEqual(asks);
    expect(namesIn(listed)).toEqual(names);
    expect(listed.isComplete).toBe(true);
    if (updated) expect(listed.repositories[0]?.updated).toBe(updated);
  },
);

test("zot tells the newest tag of each", async () => {
  const { registry, way, answer } = standIns["zot"] ?? fail();
  const { repositories } = await listing(answer).list({ registry, way });
  expect(repositories.every(({ newest }) => newest === "1.4.2")).toBe(true);
});

test.each(all.filter(([, { namespace }]) => namespace !== undefined))(
  "%s: what lies beside the namespace is not listed",
  async (_, { registry, way, answer }) => {
    const at = listing(answer);
    const outside = at.list({ registry, way, namespace: "acme/other" });
    await expect(outside.then(namesIn, () => [])).resolves.toEqual([]);
  },
);

test.each(
  all.filter(([name]) => !["distribution", "harbor", "zot"].includes(name)),
)(
  "%s: without a namespace nobody is asked",
  async (_, { registry, answer }) => {
    const at = listing(answer);
    await expect(at.list({ registry })).rejects.toMatchObject({
      fault: "invalid",
      message: expect.stringContaining(`name it: ${registry}/…`),
    });
    expect(at.asked()).toEqual([]);
  },
);

test.each(all)(
  "%s: a host that does not know its list is an error that says what to do",
  async (_, { registry, namespace, way }) => {
    const at = listing(() => json({ errors: [] }, 404));
    await expect(at.list({ registry, namespace, way })).rejects.toMatchObject({
      fault: "unsupported",
      code: "UNSUPPORTED",
      message: expect.stringMatching(/name the repositories yourself/),
    });
  },
);

test.each(
  all.flatMap(([name, standIn]) =>
    ["[1", '"list"', '{"message":"hello"}'].map(
      (body) => [name, body, standIn] as const,
    ),
  ),
)(
  "%s: %s is an error, and no empty list",
  async (_, body, { registry, namespace, way }) => {
    const at = listing(() => ({ status: 200, headers: {}, body }));
    await expect(at.list({ registry, namespace, way })).rejects.toMatchObject({
      fault: "corrupt",
      code: "PROTOCOL",
    });
  },
);

test.each([
  [
    "gitlab",
    /\/groups\//,
    "/api/v4/projects/acme%2Ftools/registry/repositories",
  ],
  ["github", /\/orgs\//, "/users/acme/packages"],
])(
  "%s: what is no group is looked for once more as the other kind",
  async (name, group, path) => {
    const { registry, namespace } = standIns[name] ?? fail();
    const at = listing(({ pathname }) => {
      if (group.test(pathname)) return json({ message: "Not Found" }, 404);
      return pathname === path
        ? json([{ name: "web", path: "acme/tools/web" }])
        : json([], 500);
    });
    expect(namesIn(await at.list({ registry, namespace }))).toHaveLength(1);
    expect(at.asked()).toHaveLength(2);
  },
);

test("a self-hosted product is asked where the user says that its API is", async () => {
  const { answer } = standIns["gitlab"] ?? fail();
  const at = listing(answer);
  await at
    .list({
      registry: "registry.corp.example",
      namespace: "acme/tools",
      way: "gitlab",
      api: "gitlab.corp.example",
    })
    .catch(() => undefined);
  expect(at.asked()[0]).toContain("https://gitlab.corp.example/api/v4/groups/");
  const enterprise = listing(() => json([]));
  await enterprise.list({
    registry: "containers.corp.example",
    namespace: "acme",
    way: "github",
    api: "github.corp.example",
  });
  expect(enterprise.asked()[0]).toContain(
    "https://github.corp.example/api/v3/orgs/acme/packages?",
  );
});

function fail(): never {
  throw new Error("there is no such stand-in");
}
