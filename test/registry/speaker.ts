import assert from "node:assert/strict";
import { put, type Sample, overHttp, sha256 } from "../samples/target";
import { ask, type PlainAnswer, type PlainRequest } from "./plainHttp";

/** Speaks to one repository of some registry, by plain requests. */
export class Speaker {
  constructor(
    readonly origin: string,
    readonly repository: string,
  ) {}

  /** `path` is below `/v2/<repository>`. */
  ask(
    path: string,
    wanted: Omit<PlainRequest, "path"> = {},
  ): Promise<PlainAnswer> {
    return ask(this.origin, {
      ...wanted,
      path: `/v2/${this.repository}${path}`,
    });
  }

  /** Follows a Location that this registry gave. */
  follow(
    location: string,
    wanted: Omit<PlainRequest, "path">,
  ): Promise<PlainAnswer> {
    return ask(this.origin, { ...wanted, path: location });
  }

  /** Another repository of the same registry. */
  beside(name: string): Speaker {
    return new Speaker(this.origin, `${this.repository}-${name}`);
  }

  /** Begins an upload and answers its Location. */
  async begin(query = ""): Promise<string> {
    const answer = await this.ask(`/blobs/uploads/${query}`, {
      method: "POST",
    });
    assert.equal(answer.status, 202);
    return locationOf(answer);
  }

  /** Sends one chunk, and answers the newest Location. */
  async patch(
    location: string,
    bytes: Uint8Array,
    start?: number,
  ): Promise<string> {
    const end = (start ?? 0) + bytes.length - 1;
    const answer = await this.follow(location, {
      method: "PATCH",
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(bytes.length),
        ...(start === undefined ? {} : { "content-range": `${start}-${end}` }),
      },
      body: bytes,
    });
    assert.equal(answer.status, 202);
    return locationOf(answer);
  }

  finish(
    location: string,
    bytes: Uint8Array,
    digest = sha256(bytes),
  ): Promise<PlainAnswer> {
    return this.follow(withDigest(location, digest), {
      method: "PUT",
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(bytes.length),
      },
      body: bytes,
    });
  }

  async pushBlob(bytes: Uint8Array): Promise<string> {
    const answer = await this.finish(await this.begin(), bytes);
    assert.equal(answer.status, 201);
    return sha256(bytes);
  }

  async push(sample: Sample, ...tags: readonly string[]): Promise<void> {
    await put(overHttp(this.origin, this.repository), sample, ...tags);
  }

  putManifest(
    sample: Sample,
    reference = sample.descriptor.digest,
  ): Promise<PlainAnswer> {
    return this.ask(`/manifests/${reference}`, {
      method: "PUT",
      headers: { "content-type": sample.descriptor.mediaType },
      body: sample.bytes,
    });
  }

  manifest(
    sample: Sample,
    reference = sample.descriptor.digest,
  ): Promise<PlainAnswer> {
    return this.ask(`/manifests/${reference}`, {
      headers: { accept: sample.descriptor.mediaType },
    });
  }
}

/** The Location of an answer, which must have one. */
export function locationOf(answer: PlainAnswer): string {
  const location = answer.headers["location"];
  assert.ok(location, "an answer without Location");
  return location;
}

/** W81: the query of a Location stays as it is, and `digest` goes behind it. */
export function withDigest(location: string, digest: string): string {
  return `${location}${location.includes("?") ? "&" : "?"}digest=${digest}`;
}
