import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getEstate } from "../../../provider/functions/getEstate";
import { unknown, type Values } from "../../../provider/mirror/lifecycle";
import { whileAsking } from "./asking";

const text = `version: 1
policies: { vendors: { unverified: because } }
artifacts:
  app:
    source: ghcr.io/acme/app:1
    destination: [reg.example/app, us.example/app]
    policy: vendors
repositories:
  all:
    source: ghcr.io/acme/all
    destination: reg.example/all
    policy: vendors
    tags: { mode: all }
`;

const answerTo = async (
  values: Values,
  config: Parameters<typeof whileAsking>[2] = {},
): Promise<Values> => {
  const answers: Values[] = [];
  const work: Parameters<typeof whileAsking>[1] = async ({ ask }) => {
    answers.push(await ask(getEstate, values));
  };
  await whileAsking([], work, config);
  const [answer] = answers;
  if (answer) return answer;
  throw new Error("no answer");
};

test("an estate's text answers the arguments of every resource, with names and what the provider needs", async () => {
  const policy = { use: "vendors" };
  const source = "ghcr.io/acme/app:1";
  expect(await answerTo({ text })).toEqual({
    artifacts: [
      {
        name: "app@reg.example",
        formerName: "app",
        source,
        destination: "reg.example/app:1",
        policy,
      },
      {
        name: "app@us.example",
        formerName: undefined,
        source,
        destination: "us.example/app:1",
        policy,
      },
    ],
    repositories: [
      {
        name: "all",
        formerName: "all@reg.example",
        source: "ghcr.io/acme/all",
        destination: "reg.example/all",
        policy,
        tags: { mode: "all" },
      },
    ],
    registries: [],
    policies: { vendors: { unverified: "because" } },
    total: 3,
  });
});

test("the provider's own policies and its floor count for the file", async () => {
  const own = text.replace(/^policies.*\n/m, "");
  const policies = { vendors: { unverified: "of the provider" } };
  await expect(answerTo({ text: own })).rejects.toThrow(
    'there is no policy named "vendors"; there are: none',
  );
  expect(await answerTo({ text: own }, { policies })).toMatchObject({
    policies: {},
    total: 3,
  });
  await expect(
    answerTo({ text: own }, { policies, allowUnverified: false }),
  ).rejects.toThrow("the provider says `allowUnverified: false`");
});

test("what is wrong is told as compilers tell it, and not without end", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "estate-")), "estate.yaml");
  const entries = Array.from({ length: 40 }, (_, at) => `  a${at}: x:1\n`);
  try {
    writeFileSync(file, `version: 1\nartifacts:\n${entries.join("")}`);
    const asked = answerTo({ file });
    await expect(asked).rejects.toThrow(
      `${file} is not understood:\n  ${file}:3:3: artifacts.a0.source: begins neither with an alias`,
    );
    await expect(asked).rejects.toThrow("\n  and 10 more\n");
  } finally {
    rmSync(join(file, ".."), { recursive: true });
  }
});

test.each<[string, Values, string]>([
  [
    "both a file and a text",
    { file: "x", text: "x" },
    "give one of file and text",
  ],
  ["neither", {}, "give one of file and text"],
  [
    "a file that is not there",
    { file: "/nowhere/estate.yaml" },
    "could not read the estate: /nowhere/estate.yaml: ",
  ],
  ["a folder", { file: "/" }, "it is no file"],
  [
    "a shard too far",
    { text, shard: { index: 2, count: 2 } },
    "shard.index: must be less than count: shards are counted from 0",
  ],
  [
    "too many shards",
    { text, shard: { index: 0, count: 257 } },
    "shard.count: ",
  ],
  ["what is not known yet", { text: unknown }, "is not known yet"],
])("%s is refused", async (_, values, reason) => {
  await expect(answerTo(values)).rejects.toThrow(reason);
});

test("a file that is no text is refused", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "estate-")), "estate.yaml");
  try {
    writeFileSync(file, Uint8Array.of(0xff, 0xfe));
    await expect(answerTo({ file })).rejects.toThrow("it is not UTF-8 text");
  } finally {
    rmSync(join(file, ".."), { recursive: true });
  }
});
