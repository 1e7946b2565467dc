import { execFile } from "node:child_process";
import {
  link,
  mkdir,
  readdir,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { layoutStore } from "../../../../provider/stores/layout/layout";
import { artifact, blobOf, memorySource } from "../../../contract/storeSamples";
import { marker, newPlace, reach, refusalOf, type Place } from "./place";

const run = promisify(execFile);
const blob = blobOf("a blob");
const { descriptor } = blob;
let place: Place;

beforeEach(async () => {
  place = await newPlace();
  const by = { reach, onBytes: () => undefined };
  await place.destination.copyFrom(memorySource([blob]), descriptor, by);
});
afterEach(() => place.remove());

async function openAll(): Promise<void> {
  for await (const _ of place.source.open(descriptor, reach));
}

/** Replaces the blob's file by something else. */
async function instead(make: (path: string) => Promise<unknown>) {
  const path = place.fileOf(descriptor.digest);
  await rm(path);
  await make(path);
}

test("a blob that is a link is refused, even where it leads to the right bytes (W161, N32)", async () => {
  const secret = join(dirname(place.path), "secret");
  await writeFile(secret, blob.bytes);
  await instead((path) => symlink(secret, path));
  const { source } = place;
  expect(await refusalOf(openAll())).toBe("corrupt PROTOCOL");
  expect(await refusalOf(source.has(descriptor, reach))).toBe(
    "corrupt PROTOCOL",
  );
  expect(await refusalOf(source.read(descriptor, 99, reach))).toBe(
    "corrupt PROTOCOL",
  );
});

test.each(["blobs", join("blobs", "sha256")])(
  "%s that is a link out of the layout is refused, for reading and for writing (N32)",
  async (name) => {
    const outside = join(dirname(place.path), "outside");
    await rename(join(place.path, name), outside);
    await symlink(outside, join(place.path, name));
    expect(await refusalOf(openAll())).toBe("corrupt PROTOCOL");
    const before = await readdir(outside, { recursive: true });
    const other = artifact("other");
    expect(await refusalOf(place.destination.put(other, reach))).toBe(
      "corrupt PROTOCOL",
    );
    expect(await readdir(outside, { recursive: true })).toEqual(before);
  },
);

test("a link that leads nowhere is not taken for absence", async () => {
  await rm(join(place.path, "blobs"), { recursive: true });
  await symlink("nowhere", join(place.path, "blobs"));
  const has = place.source.has(descriptor, reach);
  expect(await refusalOf(has)).toBe("corrupt PROTOCOL");
});

test("a FIFO is refused and does not block (W161, N33)", async () => {
  await instead((path) => run("mkfifo", [path]));
  expect(await refusalOf(openAll())).toBe("corrupt PROTOCOL");
});

test("a directory is refused (N33)", async () => {
  await instead((path) => mkdir(path));
  expect(await refusalOf(openAll())).toBe("corrupt PROTOCOL");
});

test("a socket is refused (N33)", async () => {
  const server = createServer();
  // A socket's path has a length limit: it is made under a short name, and moved.
  const short = join(dirname(place.path), "s");
  await new Promise<void>((done) => server.listen(short, done));
  await instead((path) => rename(short, path));
  expect(await refusalOf(openAll())).toBe("corrupt PROTOCOL");
  await new Promise((done) => server.close(done));
});

test("a hard link is a regular file, and its bytes are proven like others (N33)", async () => {
  const other = join(dirname(place.path), "other");
  await writeFile(other, "b blob");
  await instead((path) => link(other, path));
  expect(await refusalOf(openAll())).toBe("corrupt DIGEST_MISMATCH");
});

test.each(["index.json", "oci-layout"])(
  "%s that is a link or a FIFO is refused",
  async (name) => {
    const path = join(place.path, name);
    await rename(path, join(dirname(place.path), "moved"));
    await symlink(join(dirname(place.path), "moved"), path);
    expect(await refusalOf(place.source.tags(reach))).toBe("corrupt PROTOCOL");
    await rm(path);
    await run("mkfifo", [path]);
    expect(await refusalOf(place.source.tags(reach))).toBe("corrupt PROTOCOL");
  },
);

test("a file in the place of the directory is told by its errno", async () => {
  await rm(place.path, { recursive: true });
  await writeFile(place.path, "");
  const tags = place.source.tags(reach);
  await expect(tags).rejects.toMatchObject({
    fault: "unreachable",
    code: "DISK",
    message: expect.stringContaining("ENOTDIR"),
  });
});

test.each([
  [
    "another version",
    '{"imageLayoutVersion":"1.1.0"}',
    "unsupported UNSUPPORTED",
  ],
  ["no version", "{}", "corrupt PROTOCOL"],
  ["no JSON", "1.0.0", "corrupt PROTOCOL"],
  ["5000 bytes", " ".repeat(5000), "exceeded LIMIT_EXCEEDED"],
])(
  "an oci-layout file with %s is refused on both sides (W160)",
  async (_, text, refusal) => {
    await place.write({ "oci-layout": text });
    expect(await refusalOf(place.source.tags(reach))).toBe(refusal);
    const other = artifact("other");
    expect(await refusalOf(place.destination.tags(reach))).toBe(refusal);
    const reference = { kind: "layout", path: place.path } as const;
    const destination = layoutStore(reference, "destination");
    expect(await refusalOf(destination.put(other, reach))).toBe(refusal);
  },
);

test.each([
  [
    "a key twice",
    '{"schemaVersion":2,"manifests":[],"manifests":[]}',
    "corrupt PROTOCOL",
  ],
  [
    "a key in another case",
    '{"schemaVersion":2,"Manifests":[]}',
    "corrupt PROTOCOL",
  ],
  [
    "a path for a digest (N26)",
    '{"schemaVersion":2,"manifests":[{"mediaType":"a/b","digest":"sha256:../../x","size":1}]}',
    "corrupt PROTOCOL",
  ],
  ["no JSON", "", "corrupt PROTOCOL"],
  [
    "more than 4 MiB",
    " ".repeat(4 * 1024 * 1024 + 1),
    "exceeded LIMIT_EXCEEDED",
  ],
])(
  "an index.json with %s is refused, and not written over",
  async (_, text, refusal) => {
    await place.write({ "index.json": text });
    expect(await refusalOf(place.source.tags(reach))).toBe(refusal);
    const node = artifact("other");
    await place.write({ "oci-layout": marker });
    const tag = async () => {
      await place.destination.put(node, reach);
      await place.destination.tag("v1", node, reach);
    };
    expect(await refusalOf(tag())).toBe(refusal);
  },
);

test("a directory that holds something else is neither read nor made a layout", async () => {
  const other = await newPlace();
  await mkdir(other.path);
  await writeFile(join(other.path, "thesis.txt"), "years of work");
  const put = other.destination.put(artifact("x"), reach);
  expect(await refusalOf(put)).toBe("corrupt PROTOCOL");
  expect(await refusalOf(other.source.tags(reach))).toBe("corrupt PROTOCOL");
  expect(await readdir(other.path)).toEqual(["thesis.txt"]);
  await other.remove();
});

test("a directory that is missing or empty is absent as a source, and an empty place as a destination", async () => {
  const other = await newPlace();
  for (const make of [() => Promise.resolve(), () => mkdir(other.path)]) {
    await make();
    const { source, destination } = other;
    expect(await refusalOf(source.tags(reach))).toBe("absent NOT_FOUND_REPO");
    expect(await refusalOf(source.has(descriptor, reach))).toBe(
      "absent NOT_FOUND_REPO",
    );
    expect(await refusalOf(source.resolve("v1", reach))).toBe(
      "absent NOT_FOUND_REPO",
    );
    expect(await destination.tags(reach)).toEqual([]);
    expect(await destination.has(descriptor, reach)).toBe(false);
    expect(await destination.resolve("v1", reach)).toBe(undefined);
    expect(await destination.resolve(descriptor.digest, reach)).toBe(undefined);
    expect(await destination.referrers(descriptor.digest, reach)).toEqual([]);
    await destination.untag("v1", reach);
    await destination.remove(descriptor, reach);
  }
  expect(await readdir(other.path)).toEqual([]);
  await other.remove();
});
