import {
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import seeds from "@sigstore/tuf/seeds.json";
import type { Reach, Response } from "../../../provider/mirror/ports";
import githubTuf from "../../../provider/verifiers/trust/githubTuf.json";
import publicGoodTuf from "../../../provider/verifiers/trust/publicGoodTuf.json";
import {
  refreshRoot,
  refreshRoots,
} from "../../../provider/verifiers/trust/refresh";
import {
  digestOfRoot,
  readTrustedRoot,
  rootsOf,
} from "../../../provider/verifiers/trust/trustedRoot";
import {
  createSigstoreWorld,
  type SigstoreWorld,
} from "../../samples/sigstoreWorld";
import {
  createTufRepository,
  tufKeys,
  type TufOptions,
  type TufRepository,
} from "../../samples/tufRepository";
import { prepareAuthority } from "../../../provider/verifiers/authorities/catalog";
import { outdated } from "../../../provider/verifiers/authorities/sigstore/outdated";
import { loadTrust } from "../../../provider/verifiers/authorities/sigstore/trust";
import { contextOf, offline } from "./world";

let world: SigstoreWorld;
let folder: string;
beforeAll(async () => {
  world = await createSigstoreWorld();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tuf-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const url = "https://tuf.example";

function answerOf(status: number, bytes: Uint8Array): Response {
  return {
    status,
    headers: {},
    body: (async function* () {
      yield bytes;
    })(),
    discard: async () => undefined,
  };
}

/** Serves a repository, and tells what was asked for. */
function serving({ files }: TufRepository): Reach & { asked: string[] } {
  const asked: string[] = [];
  return {
    ...offline,
    asked,
    send: async ({ method, url: at }) => {
      asked.push(`${method} ${at.href}`);
      const bytes = files.get(at.pathname);
      return bytes
        ? answerOf(200, bytes)
        : answerOf(404, Buffer.from("no such file"));
    },
  };
}

const made = (options: Partial<TufOptions> = {}) =>
  createTufRepository({ target: world.trustedRoot, ...options });

const refresh = (repository: TufRepository, reach: Reach) =>
  refreshRoot({ url, root: repository.root, folder }, reach);

test("the first roots of trust are those that sigstore's package and GitHub's CLI carry", () => {
  const seed = seeds["https://tuf-repo-cdn.sigstore.dev"]["root.json"];
  expect(publicGoodTuf).toEqual(
    JSON.parse(Buffer.from(seed, "base64").toString()),
  );
  for (const { signed } of [publicGoodTuf, githubTuf]) {
    expect(signed.roles.root.threshold).toBeGreaterThanOrEqual(3);
  }
});

test("a root is read from a TUF repository, by reach alone", async () => {
  const repository = made({ rotations: 2 });
  const reach = serving(repository);
  expect(digestOfRoot(await refresh(repository, reach))).toBe(
    digestOfRoot(readTrustedRoot(world.trustedRoot)),
  );
  expect(
    reach.asked.map((line) => line.replace(/[0-9a-f]{64}/, "HASH")),
  ).toEqual([
    `GET ${url}/2.root.json`,
    `GET ${url}/3.root.json`,
    `GET ${url}/4.root.json`,
    `GET ${url}/timestamp.json`,
    `GET ${url}/1.snapshot.json`,
    `GET ${url}/1.targets.json`,
    `GET ${url}/targets/HASH.trusted_root.json`,
  ]);
});

test("its metadata is kept for this user alone, so that an older state is not taken for a newer one", async () => {
  const keys = tufKeys();
  const newer = made({ keys, version: 7 });
  await refresh(newer, serving(newer));
  expect((await readdir(folder)).sort()).toEqual([
    "snapshot.json",
    "targets.json",
    "timestamp.json",
  ]);
  const older = made({ keys, version: 6 });
  await expect(refresh(older, serving(older))).rejects.toMatchObject({
    fault: "unreachable",
  });
  await expect(refresh(newer, serving(newer))).resolves.toBeDefined();
});

test("what lies in the cache chooses no trust", async () => {
  const forged = made();
  await writeFile(join(folder, "root.json"), forged.root);
  for (const name of ["timestamp", "snapshot", "targets"]) {
    await writeFile(join(folder, `${name}.json`), "{}");
  }
  const good = made();
  await expect(refresh(good, serving(good))).resolves.toBeDefined();
  await expect(refresh(good, serving(forged))).rejects.toThrow();
  expect(await readFile(join(folder, "timestamp.json"), "utf8")).toBe(
    good.files.get("/timestamp.json")?.toString(),
  );
});

type Break = (repository: TufRepository) => void;

test.each<[string, Partial<TufOptions>, Break]>([
  ["metadata by somebody else", { forged: true }, () => undefined],
  [
    "metadata that has expired",
    { expires: "2020-01-01T00:00:00Z" },
    () => undefined,
  ],
  [
    "another target than its metadata says",
    {},
    ({ files }) => {
      for (const path of files.keys()) {
        if (path.startsWith("/targets/")) files.set(path, Buffer.from("{}"));
      }
    },
  ],
  ["no timestamp", {}, ({ files }) => files.delete("/timestamp.json")],
  [
    "a timestamp without an end",
    {},
    ({ files }) => files.set("/timestamp.json", Buffer.alloc(1 << 20)),
  ],
  ["a threshold of none (CVE-2026-23992)", { threshold: 0 }, () => undefined],
  ["a target that is no trusted root", { target: "{}" }, () => undefined],
  [
    "no such target",
    {},
    ({ files }) => files.set("/1.targets.json", Buffer.from("{}")),
  ],
])(
  "a repository with %s brings nothing, and says so",
  async (_, options, spoil) => {
    const repository = made(options);
    spoil(repository);
    await expect(
      refresh(repository, serving(repository)),
    ).rejects.toMatchObject({
      name: "MirrorError",
      fault: "unreachable",
      message: expect.stringMatching(
        /^could not bring the trusted root up to date: .*https:\/\/tuf\.example.*trustRefresh: "never"/,
      ),
    });
  },
);

test("a repository that cannot be asked, or was cancelled, is not an old root", async () => {
  const repository = made();
  await expect(refresh(repository, offline)).rejects.toMatchObject({
    fault: "unreachable",
  });
  const aborted = { ...serving(repository), signal: AbortSignal.abort() };
  const send: Reach["send"] = (_, signal) => Promise.reject(signal.reason);
  await expect(refresh(repository, { ...aborted, send })).rejects.toMatchObject(
    {
      fault: "cancelled",
    },
  );
});

test("nothing is left behind", async () => {
  const before = await workFolders();
  const repository = made();
  await refresh(repository, serving(repository));
  await expect(refresh(repository, offline)).rejects.toThrow();
  expect(await workFolders()).toEqual(before);
});

async function workFolders(): Promise<readonly string[]> {
  const names = await readdir(tmpdir());
  return names.filter((name) => name.startsWith("artifact-mirror-tuf-"));
}

test("a root that a user gave is never asked for", async () => {
  const given = rootsOf([world.trustedRoot]);
  expect(await refreshRoots(given, offline)).toEqual(given);
});

test("a root that comes with this package is asked for once, and again when it did not come", async () => {
  let count = 0;
  const reach: Reach = {
    ...offline,
    send: async () => {
      count += 1;
      throw new Error("connection refused");
    },
  };
  const both = [
    refreshRoots(rootsOf(undefined), reach),
    refreshRoots(rootsOf(["public-good"]), reach),
  ];
  for (const one of both)
    await expect(one).rejects.toThrow(/connection refused/);
  const first = count;
  expect(first).toBe(1);
  await expect(refreshRoots(rootsOf(undefined), reach)).rejects.toThrow();
  expect(count).toBe(first + 1);
});

test("an authority whose root cannot be brought up to date is not made ready; one with a root of the user's own is", async () => {
  const keyless = { issuer: "https://issuer.example", identity: "me" };
  const place = { ...contextOf({ trustRefresh: "tuf" }), name: "signedBy[0]" };
  await expect(prepareAuthority({ keyless }, place)).rejects.toMatchObject({
    fault: "unreachable",
  });
  const own = { ...keyless, trustedRoots: [world.trustedRoot] };
  await expect(
    prepareAuthority({ keyless: own }, place),
  ).resolves.toBeDefined();
});

test("a root that was just brought up to date is not called old", () => {
  const [root] = rootsOf(undefined);
  if (!root) throw new Error("no root");
  expect(outdated(loadTrust(root), "a log")).toBeDefined();
  const fresh = loadTrust({ ...root, refreshed: true });
  expect(outdated(fresh, "a log")).toBeUndefined();
});

test("the folder of the cache is for this user alone", async () => {
  const repository = made();
  const inner = join(folder, "inner");
  await refreshRoot(
    { url, root: repository.root, folder: inner },
    serving(repository),
  );
  expect((await stat(inner)).mode & 0o777).toBe(0o700);
});
