import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getTags } from "../../../provider/functions/getTags";
import { counts, writes } from "../../registry/recorder";
import {
  startRegistry,
  type RegistryOptions,
  type TestRegistry,
} from "../../registry/registry";
import { image } from "../../samples/artifacts";
import { inRegistry, put } from "../../samples/target";
import { whileAsking, type Asking } from "./asking";

interface Shelf {
  readonly registry: TestRegistry;
  readonly source: string;
  readonly destination: string;
  ask(values: Parameters<Asking["ask"]>[1]): ReturnType<Asking["ask"]>;
}

/** A source with these tags and a destination with those, in one registry; no tags: no repository. */
async function onShelf(
  tags: {
    readonly source: readonly string[];
    readonly there?: readonly string[];
  },
  work: (shelf: Shelf) => Promise<void>,
  options: RegistryOptions = {},
): Promise<void> {
  const registry = await startRegistry(options);
  try {
    const sample = image({ seed: "one" });
    for (const tag of tags.source)
      await put(inRegistry(registry, "acme/app"), sample, tag);
    for (const tag of tags.there ?? [])
      await put(inRegistry(registry, "mirror/app"), sample, tag);
    await whileAsking([registry.host], (asking) =>
      work({
        registry,
        source: `${registry.host}/acme/app`,
        destination: `${registry.host}/mirror/app`,
        ask: (values) => asking.ask(getTags, values),
      }),
    );
  } finally {
    await registry.close();
  }
}

const evidenceTag = `sha256-${"a".repeat(64)}.sig`;
const fallbackTag = `sha256-${"a".repeat(64)}`;

test("every tag is told as chosen or with the rule that dropped it, by one list and nothing else", () =>
  onShelf(
    { source: ["1.9.9", "1.10.0", "2.0.0-rc.1", "latest", evidenceTag] },
    async ({ registry, source, ask }) => {
      const answer = await ask({ source, tags: { mode: "highest" } });
      expect(answer).toEqual({
        source,
        chosen: ["1.10.0"],
        missing: [],
        listed: 5,
        dropped: { evidence: 1, version: 1, prereleases: 1, highest: 1 },
        message: undefined,
        tags: [
          { tag: "1.10.0", chosen: true, name: "1.10.0" },
          {
            tag: "1.9.9",
            chosen: false,
            rule: "highest",
            reason: "is lower than 1.10.0",
          },
          expect.objectContaining({ tag: "2.0.0-rc.1", rule: "prereleases" }),
          expect.objectContaining({ tag: "latest", rule: "version" }),
          expect.objectContaining({ tag: evidenceTag, rule: "evidence" }),
        ],
      });
      expect(counts(registry.requests)).toEqual({ "GET tags": 1 });
    },
  ));

test("without rules all tags are told, but those of evidence", () =>
  onShelf(
    { source: ["1", "edge", evidenceTag, fallbackTag] },
    async ({ source, ask }) => {
      expect(await ask({ source })).toMatchObject({
        chosen: ["1", "edge"],
        dropped: { evidence: 2 },
      });
    },
  ));

test("higher compares with what the destination has, by the names there, and tells what is there", () =>
  onShelf(
    { source: ["v1.0.0", "v1.1.0", "v2.0.0"], there: ["1.1.0"] },
    async ({ registry, source, destination, ask }) => {
      const rename = { pattern: "v(.*)", to: "$1" };
      const tags = { mode: "higher", pattern: "v.*" };
      const answer = await ask({ source, destination, rename, tags });
      expect(answer).toMatchObject({
        chosen: ["v2.0.0"],
        tags: [
          { tag: "v1.0.0", rule: "higher" },
          {
            tag: "v1.1.0",
            reason: "is not above v1.1.0, the destination's highest",
          },
          { tag: "v2.0.0", name: "2.0.0", present: false },
        ],
      });
      expect(writes(registry.requests)).toEqual([]);
    },
  ));

test("a destination that does not exist yet has no tags", () =>
  onShelf({ source: ["1.0.0"] }, async ({ source, destination, ask }) => {
    const tags = { mode: "higher" };
    expect(await ask({ source, destination, tags })).toMatchObject({
      chosen: [],
      message: "none of 1 tags is chosen: rule `higher` dropped 1",
    });
    expect(
      await ask({
        source,
        destination,
        tags: { ...tags, whenEmpty: "all" },
      }),
    ).toMatchObject({ tags: [{ chosen: true, present: false }] });
  }));

test("a repository that does not exist is an error of its own", () =>
  onShelf({ source: [] }, async ({ source, ask }) => {
    await expect(ask({ source })).rejects.toMatchObject({
      fault: "absent",
      code: "NOT_FOUND_REPO",
    });
  }));

test("a repository without tags is an answer that says so", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tags-"));
  try {
    writeFileSync(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
    writeFileSync(
      join(folder, "index.json"),
      '{"schemaVersion":2,"manifests":[]}',
    );
    await whileAsking([], async ({ ask }) => {
      expect(await ask(getTags, { source: `oci:${folder}` })).toMatchObject({
        listed: 0,
        tags: [],
        message: "the repository is there, and has no tags",
      });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe("where a registry has no list of tags", () => {
  const withoutList = async (work: (shelf: Shelf) => Promise<void>) =>
    onShelf({ source: ["1", "2"] }, async (shelf) => {
      shelf.registry.misbehave({
        path: /tags\/list/,
        times: Infinity,
        action: { status: 405 },
      });
      await work(shelf);
    });

  test("the error says which mode needs none", () =>
    withoutList(async ({ source, ask }) => {
      await expect(ask({ source })).rejects.toMatchObject({
        code: "UNSUPPORTED",
        message: expect.stringContaining('mode: "list"'),
      });
    }));

  test("mode list asks for its tags one by one", () =>
    withoutList(async ({ source, ask }) => {
      const tags = { mode: "list", list: ["2", "3"] };
      expect(await ask({ source, tags })).toMatchObject({
        chosen: ["2"],
        missing: ["3"],
        message: "the source does not have 1 of the tags of `list`: 3",
      });
    }));
});

test("ten thousand tags are told in one answer", async () => {
  const names = Array.from(
    { length: 10_000 },
    (_, n) => `1.${n >> 7}.${n & 127}`,
  );
  await onShelf({ source: names }, async ({ source, ask }) => {
    const tags = { mode: "semver", newest: 3 };
    const answer = await ask({ source, tags });
    expect(answer).toMatchObject({
      listed: 10_000,
      chosen: ["1.78.13", "1.78.14", "1.78.15"],
      dropped: { newest: 9_997 },
    });
    expect(answer["tags"]).toHaveLength(10_000);
  });
});

test.each<[string, object, string]>([
  [
    "a source with a tag",
    { source: "reg.example/app:1" },
    "source: is a whole repository here: leave out :1",
  ],
  [
    "a destination with a digest",
    { destination: `reg.example/app@sha256:${"0".repeat(64)}` },
    "destination: is a whole repository here: leave out @sha256:",
  ],
  ["no reference", { source: "A B" }, "source: "],
  [
    "higher without a destination",
    { tags: { mode: "higher" } },
    "destination: is missing",
  ],
  [
    "a list without its mode",
    { tags: { mode: "all", list: ["1"] } },
    "tags.list: is for `mode: list`",
  ],
  [
    "a pattern that is none",
    { tags: { mode: "all", pattern: "(" } },
    "tags.pattern: is not an RE2 pattern",
  ],
  [
    "a new name with a group that is not there",
    { rename: { pattern: "v.*", to: "$1" } },
    "rename.to: names the group 1",
  ],
  [
    "an unknown word",
    { tags: { mode: "all", newst: 1 } },
    "tags.newst: is not known here",
  ],
])("%s is told at its property, and nothing is asked", (_, args, expected) =>
  whileAsking([], async ({ ask }) => {
    const question = ask(getTags, { source: "reg.example/app", ...args });
    await expect(question).rejects.toThrow(expected);
  }),
);
