import { getCatalog } from "../../../provider/functions/getCatalog";
import type { Values } from "../../../provider/mirror/lifecycle";
import { counts } from "../../registry/recorder";
import { startRegistry, type TestRegistry } from "../../registry/registry";
import { image } from "../../samples/artifacts";
import { chart } from "../../samples/otherArtifacts";
import { inRegistry, put, type Sample } from "../../samples/target";
import { whileAsking, type Asking } from "./asking";

async function inHouse(
  content: Readonly<Record<string, Sample>>,
  work: (house: {
    readonly registry: TestRegistry;
    readonly ask: (more?: Values) => ReturnType<Asking["ask"]>;
  }) => Promise<void>,
): Promise<void> {
  const registry = await startRegistry({ pageSize: 2 });
  try {
    for (const [place, sample] of Object.entries(content)) {
      const [name = "", tag = ""] = place.split(":");
      await put(inRegistry(registry, name), sample, tag);
    }
    await whileAsking([registry.host], ({ ask }) =>
      work({
        registry,
        ask: (more) => ask(getCatalog, { registry: registry.host, ...more }),
      }),
    );
  } finally {
    await registry.close();
  }
}

const content = {
  "acme/app:1.0.0": image({ seed: "old" }),
  "acme/app:1.10.0": image({ seed: "new" }),
  "acme/app:1.9.0": image({ seed: "middle" }),
  "acme/app:sha256-aa.sig": image({ seed: "signature" }),
  "acme/charts/web:latest": chart("web"),
  "other/tool:b": image(),
};

test("the repositories are listed by the pages of the catalogue, and nothing else is asked", () =>
  inHouse(content, async ({ registry, ask }) => {
    expect(await ask()).toEqual({
      registry: registry.host,
      way: "distribution",
      complete: true,
      notes: [],
      repositories: ["acme/app", "acme/charts/web", "other/tool"].map(
        (name) => ({ name, reference: `${registry.host}/${name}` }),
      ),
    });
    expect(counts(registry.requests)).toEqual({ "GET catalog": 2 });
  }));

test("a part of a registry is a namespace, and no beginning of a name", () =>
  inHouse(
    { ...content, "acmeville/app:1": image() },
    async ({ registry, ask }) => {
      const registryPart = `${registry.host}/acme`;
      expect(await ask({ registry: registryPart })).toMatchObject({
        repositories: [{ name: "acme/app" }, { name: "acme/charts/web" }],
      });
    },
  ));

test("with types, each repository is told by its newest tag: two requests for each", () =>
  inHouse(content, async ({ registry, ask }) => {
    expect(await ask({ types: true })).toMatchObject({
      repositories: [
        {
          tag: "1.10.0",
          kind: "image",
          digest: content["acme/app:1.10.0"].descriptor.digest,
        },
        {
          tag: "latest",
          kind: "chart",
          artifactType: "application/vnd.cncf.helm.config.v1+json",
        },
        { tag: "b", kind: "image" },
      ],
    });
    // the tags of acme/app come in two pages
    expect(counts(registry.requests)).toEqual({
      "GET catalog": 2,
      "GET tags": 4,
      "GET manifest": 3,
    });
  }));

test("a repository that cannot be looked into does not hide the others", () =>
  inHouse(content, async ({ registry, ask }) => {
    registry.misbehave({
      path: /other\/tool\/tags/,
      times: Infinity,
      action: { status: 403 },
    });
    expect(await ask({ types: true })).toMatchObject({
      repositories: [
        { kind: "image" },
        { kind: "chart" },
        { name: "other/tool", problem: expect.stringContaining("403") },
      ],
    });
  }));

test("of more than are wanted, the answer says that it is not complete", () =>
  inHouse(content, async ({ ask }) => {
    const answer = await ask({ max: 1 });
    expect(answer).toMatchObject({
      complete: false,
      notes: [expect.stringContaining("nobody read on")],
    });
    expect(answer["repositories"]).toHaveLength(1);
  }));

test("a registry without a list is an error that says what to name instead", () =>
  inHouse(content, async ({ registry, ask }) => {
    registry.misbehave({
      path: /_catalog/,
      times: Infinity,
      action: { status: 404, body: "404 page not found" },
    });
    await expect(ask()).rejects.toThrow(
      /could not list the repositories: .* offers no such list here: HTTP 404.*by `way`.*name the repositories yourself/,
    );
  }));

test.each<[string, Values, RegExp]>([
  [
    "no host",
    { registry: "acme" },
    /^registry: begin with the registry's host, as in docker.io\/acme/,
  ],
  ["a scheme", { registry: "https://reg.example" }, /^registry: /],
  [
    "a tag",
    { registry: "reg.example/acme/app:1" },
    /^registry: .* is not host/,
  ],
  ["upper case", { registry: "reg.example/Acme" }, /^registry: /],
  ["an unknown way", { way: "guess" }, /^way/],
  ["a path as an API", { api: "gitlab.example/api" }, /^api: .* is not host/],
  ["no repositories at all", { max: 0 }, /^max/],
])("%s is told at the property", (_, args, expected) =>
  whileAsking([], async ({ ask }) => {
    const values = { registry: "reg.example", ...args };
    await expect(ask(getCatalog, values)).rejects.toThrow(expected);
  }),
);
