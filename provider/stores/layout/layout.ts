import { join } from "node:path";
import { MirrorError, type Side } from "../../mirror/errors";
import type {
  Copying,
  Destination,
  Node,
  Reach,
  Served,
  Source,
} from "../../mirror/ports";
import { whereIn } from "../../mirror/where";
import type { Descriptor } from "../../oci/descriptor";
import { isDigest, type Digest } from "../../oci/digest";
import { isTag, repositoryOf, type LayoutReference } from "../../oci/reference";
import { describeReferrer } from "../describeReferrer";
import { absent, readBlob, removeBlob, streamBlob, writeBlob } from "./blobs";
import {
  tagsOf,
  withEntry,
  withoutManifest,
  withoutTag,
  withTag,
} from "./entries";
import { makeLayout } from "./home";
import { emptyIndex, readIndex, writeIndex, type IndexFile } from "./indexFile";
import { withLock } from "./lock";
import {
  currentIndex,
  exists,
  holds,
  resolveDigest,
  resolveName,
} from "./lookup";
import { asFault, type Place } from "./place";
import { referrersIn, type Referring } from "./referrers";

const maxManifestBytes = 4 * 1024 * 1024; // W54

type Change = (index: IndexFile) => IndexFile;

/** An OCI layout directory. A destination is made when it is first written to; a source that is missing is absent. */
export function layoutStore(
  reference: LayoutReference,
  side: Side,
): Destination {
  const repository = repositoryOf({ kind: "layout", path: reference.path });
  return new LayoutStore({ side, path: reference.path, repository });
}

class LayoutStore implements Destination {
  readonly side: Side;
  readonly repository: string;
  readonly sparseIndex = "accepted";
  readonly isMissing = false; // asking costs nothing
  readonly #place: Place;
  readonly #known = new Map<Digest, Referring>();
  #made: Promise<void> | undefined;
  #lastUpdate: Promise<void> = Promise.resolve();

  constructor(place: Place) {
    this.#place = place;
    this.side = place.side;
    this.repository = place.repository;
  }

  resolve(tagOrDigest: string, reach: Reach): Promise<Descriptor | undefined> {
    const what = `could not resolve ${tagOrDigest}`;
    return this.#guard(what, reach, async () => {
      return isDigest(tagOrDigest)
        ? resolveDigest(this.#place, tagOrDigest)
        : resolveName(this.#place, tagOrDigest);
    });
  }

  async fetch(tagOrDigest: string, reach: Reach): Promise<Served | undefined> {
    const descriptor = await this.resolve(tagOrDigest, reach);
    if (!descriptor) return undefined;
    const bytes = await this.read(descriptor, maxManifestBytes, reach);
    return { descriptor, bytes };
  }

  has(node: Descriptor, reach: Reach): Promise<boolean> {
    return this.#guard(`could not look for ${node.digest}`, reach, async () => {
      return (await exists(this.#place)) && holds(this.#place, node);
    });
  }

  read(node: Descriptor, maxBytes: number, reach: Reach): Promise<Uint8Array> {
    return this.#guard(`could not read ${node.digest}`, reach, async () => {
      if (node.size > maxBytes) throw tooMuch(this.#place, node, maxBytes);
      await exists(this.#place);
      return readBlob(this.#place, node);
    });
  }

  async *open(node: Descriptor, reach: Reach): AsyncGenerator<Uint8Array> {
    try {
      await exists(this.#place);
      for await (const chunk of streamBlob(this.#place, node)) {
        reach.signal.throwIfAborted();
        yield chunk;
      }
    } catch (error) {
      throw this.#fault(error, `could not read ${node.digest}`, reach);
    }
  }

  tags(reach: Reach): Promise<readonly string[]> {
    return this.#guard("could not list the tags", reach, async () =>
      tagsOf(await currentIndex(this.#place)),
    );
  }

  referrers(subject: Digest, reach: Reach): Promise<readonly Descriptor[]> {
    const what = `could not list what refers to ${subject}`;
    return this.#guard(what, reach, async () =>
      referrersIn(this.#place, await currentIndex(this.#place), {
        subject,
        known: this.#known,
      }),
    );
  }

  copyFrom(source: Source, blob: Descriptor, by: Copying): Promise<number> {
    const { reach } = by;
    return this.#guard(`could not copy ${blob.digest}`, reach, async () => {
      if (await holds(this.#place, blob)) return 0;
      await this.#make(reach);
      const chunks = counted(source.open(blob, reach), by);
      await writeBlob(this.#place, blob, chunks);
      return blob.size;
    });
  }

  /** Asking costs nothing here. */
  async offer(): Promise<undefined> {}

  put(node: Node, reach: Reach): Promise<void> {
    const { descriptor, manifest } = node;
    return this.#guard(
      `could not put ${descriptor.digest}`,
      reach,
      async () => {
        await this.#make(reach);
        await writeBlob(this.#place, descriptor, once(node.bytes));
        if (manifest.subject === undefined) return;
        const listed = describeReferrer(descriptor, manifest);
        await this.#update(reach, (index) => withEntry(index, listed));
      },
    );
  }

  tag(tag: string, node: Node, reach: Reach): Promise<void> {
    const { mediaType, digest, size } = node.descriptor;
    const { artifactType } = node.manifest;
    return this.#guard(`could not set the tag ${tag}`, reach, async () => {
      if (!isTag(tag)) throw noTag(this.#place, tag);
      if (!(await holds(this.#place, node.descriptor))) {
        throw absent(this.#place, node.descriptor);
      }
      await this.#make(reach);
      const target = { mediaType, digest, size, artifactType };
      await this.#update(reach, (index) => withTag(index, tag, target));
      const now = await resolveName(this.#place, tag);
      if (now?.digest !== digest) throw moved(this.#place, tag, now);
    });
  }

  untag(tag: string, reach: Reach): Promise<void> {
    return this.#guard(`could not remove the tag ${tag}`, reach, async () => {
      if (!(await exists(this.#place))) return;
      await this.#update(reach, (index) => withoutTag(index, tag));
    });
  }

  remove(node: Descriptor, reach: Reach): Promise<void> {
    return this.#guard(`could not remove ${node.digest}`, reach, async () => {
      if (!(await exists(this.#place))) return;
      await this.#update(reach, (index) => withoutManifest(index, node.digest));
      await removeBlob(this.#place, node.digest);
    });
  }

  #make(reach: Reach): Promise<void> {
    this.#made ??= this.#makeNow(reach).catch((error: unknown) => {
      this.#made = undefined;
      throw error;
    });
    return this.#made;
  }

  async #makeNow(reach: Reach): Promise<void> {
    await makeLayout(this.#place, reach.now());
    if ((await readIndex(this.#place)) !== undefined) return;
    await this.#update(reach, (index) => index);
  }

  /** Changes `index.json`, one change of this store after the other, under the lock that all processes know. */
  #update(reach: Reach, change: Change): Promise<void> {
    const update = this.#lastUpdate.then(() => this.#updateNow(reach, change));
    this.#lastUpdate = update.then(ignore, ignore); // whoever asked hears of it
    return update;
  }

  #updateNow(reach: Reach, change: Change): Promise<void> {
    const path = join(this.#place.path, ".index.json.lock");
    const options = {
      what: "could not write the OCI layout",
      where: whereIn(this.#place),
      signal: reach.signal,
    };
    return withLock(path, options, async (held) => {
      const index = await readIndex(this.#place);
      const changed = change(index ?? emptyIndex);
      if (changed !== index) await writeIndex(this.#place, changed, held);
    });
  }

  async #guard<T>(
    what: string,
    reach: Reach,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      reach.signal.throwIfAborted();
      return await work();
    } catch (error) {
      throw this.#fault(error, what, reach);
    }
  }

  #fault(error: unknown, what: string, { signal }: Reach): unknown {
    return asFault(error, { what, where: whereIn(this.#place), signal });
  }
}

function ignore(): void {}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  { reach, onBytes }: Copying,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    reach.signal.throwIfAborted();
    onBytes(chunk.length);
    yield chunk;
  }
}

function tooMuch(place: Place, node: Descriptor, maxBytes: number): Error {
  return new MirrorError({
    fault: "exceeded",
    code: "LIMIT_EXCEEDED",
    what: `could not read ${node.digest}`,
    where: whereIn(place, node.digest),
    why: `it has ${node.size} bytes, and no more than ${maxBytes} are read`,
    remedy: "leave it out, or have it made smaller",
  });
}

function noTag(place: Place, tag: string): Error {
  return new MirrorError({
    fault: "invalid",
    code: "INVALID_INPUT",
    what: "could not set the tag",
    where: whereIn(place),
    why: `${JSON.stringify(tag.slice(0, 200))} cannot be a tag`,
    remedy: "use letters, digits, dots, hyphens and underscores",
  });
}

function moved(place: Place, tag: string, now: Descriptor | undefined): Error {
  return new MirrorError({
    fault: "conflict",
    code: "TAG_MOVED",
    what: "could not set the tag",
    where: whereIn(place, tag),
    why: `another writer set it to ${now?.digest ?? "nothing"} meanwhile`,
    remedy: "run again when the other run has ended",
  });
}
