import type { PlainRequest } from "../registry/plainHttp";
import { withDigest } from "../registry/speaker";
import { type Sample, sha256 } from "../samples/target";

/** The path of the repository that a conversation is about. */
export const repo = "/v2/team/app";
const octets = { "content-type": "application/octet-stream" };

/** One request of a conversation; `at` is the last `Location` that came back. */
export interface Turn {
  readonly name: string;
  readonly say: (at: string) => PlainRequest;
  /** answers differ by design: why */
  readonly differs?: string;
}

/** A GET. */
export const get = (name: string, path: string, headers = {}): Turn => ({
  name,
  say: () => ({ path, headers }),
});
/** A HEAD. */
export const head = (name: string, path: string, headers = {}): Turn => ({
  name,
  say: () => ({ method: "HEAD", path, headers }),
});
/** A DELETE. */
export const remove = (name: string, path: string): Turn => ({
  name,
  say: () => ({ method: "DELETE", path }),
});
/** A POST that begins an upload. */
export const begin = (name: string, query = ""): Turn => ({
  name,
  say: () => ({ method: "POST", path: `${repo}/blobs/uploads/${query}` }),
});
/** The PUT that ends the upload at hand. */
export const finish = (
  name: string,
  bytes: Buffer,
  digest = sha256(bytes),
): Turn => ({
  name,
  say: (at) => ({
    method: "PUT",
    path: withDigest(at, digest),
    body: bytes,
    headers: { ...octets, "content-length": String(bytes.length) },
  }),
});
/** One chunk of the upload at hand. */
export const patch = (name: string, bytes: Buffer, range?: string): Turn => ({
  name,
  say: (at) => ({
    method: "PATCH",
    path: at,
    body: bytes,
    headers: {
      ...octets,
      "content-length": String(bytes.length),
      ...(range ? { "content-range": range } : {}),
    },
  }),
});
/** A manifest, by its digest or as told. */
export const putManifest = (
  name: string,
  sample: Sample,
  to: { readonly reference?: string; readonly type?: string } = {},
): Turn => ({
  name,
  say: () => ({
    method: "PUT",
    path: `${repo}/manifests/${to.reference ?? sample.descriptor.digest}`,
    body: sample.bytes,
    headers: { "content-type": to.type ?? sample.descriptor.mediaType },
  }),
});
