import {
  bytesOf,
  emptyConfig,
  image,
  index,
  manifest,
} from "../samples/artifacts";
import { unknownArtifact } from "../samples/otherArtifacts";
import { sha256 } from "../samples/target";
import { withDigest } from "../registry/speaker";
import {
  begin,
  finish,
  get,
  head,
  patch,
  putManifest,
  remove,
  repo,
  type Turn,
} from "./turn";

const small = Buffer.from("a small blob");
const other = bytesOf("another", 3000);
const zero = Buffer.alloc(0);
const octets = { "content-type": "application/octet-stream" };
const app = image({ seed: "conversation" });
const absent = image({ seed: "never pushed" });
const list = index([app]);
const sparse = index([app, absent]);
const referrer = unknownArtifact(undefined, { subject: app.descriptor });
const nowhere = `sha256:${"0".repeat(64)}`;
const upload = (name: string, bytes: Buffer): readonly Turn[] => [
  begin(`${name}: begin`),
  finish(`${name}: finish`, bytes),
];
const accept = { accept: app.descriptor.mediaType };
const acceptIndex = { accept: list.descriptor.mediaType };

/** Everything we say to a registry, in order. */
export const conversation: readonly Turn[] = [
  get("ping", "/v2/"),
  get("a path outside", "/v2/team/app/nothing"),
  get("a bad name", "/v2/team/App/tags/list"),
  get("tags of a repository that does not exist", "/v2/no/where/tags/list"),
  get(
    "manifest in a repository that does not exist",
    "/v2/no/where/manifests/v1",
    accept,
  ),
  get(
    "blob in a repository that does not exist",
    `/v2/no/where/blobs/${nowhere}`,
  ),
  begin("an upload begins"),
  finish("a blob in one PUT", small),
  head("its HEAD", `${repo}/blobs/${sha256(small)}`),
  get("its GET", `${repo}/blobs/${sha256(small)}`),
  get("a range", `${repo}/blobs/${sha256(small)}`, { range: "bytes=2-5" }),
  get("an open range", `${repo}/blobs/${sha256(small)}`, { range: "bytes=5-" }),
  get("a suffix range", `${repo}/blobs/${sha256(small)}`, {
    range: "bytes=-3",
  }),
  get("a range beyond", `${repo}/blobs/${sha256(small)}`, {
    range: "bytes=50-60",
  }),
  head("HEAD of an absent blob", `${repo}/blobs/${nowhere}`),
  get("GET of an absent blob", `${repo}/blobs/${nowhere}`),
  get("a malformed digest", `${repo}/blobs/sha256:abc`),
  begin("another upload"),
  finish("with the wrong digest", small, nowhere),
  begin("an upload to be cancelled"),
  { name: "cancel", say: (at) => ({ method: "DELETE", path: at }) },
  { name: "status after cancel", say: (at) => ({ path: at }) },
  get(
    "status of an unknown upload",
    `${repo}/blobs/uploads/00000000-0000-4000-8000-00000000abcd`,
  ),
  begin("a chunked upload"),
  patch("first chunk", other.subarray(0, 1000), "0-999"),
  { name: "status", say: (at) => ({ path: at }) },
  patch("second chunk", other.subarray(1000, 2000), "1000-1999"),
  finishRest("the rest in the PUT"),
  head("HEAD of the joined blob", `${repo}/blobs/${sha256(other)}`),
  begin("an upload with a hole"),
  patch("a chunk out of order", other.subarray(0, 10), "100-109"),
  begin("a single chunk without a range"),
  patch("a chunk without Content-Range", other),
  finish("an empty PUT", zero, sha256(other)),
  ...upload("a zero-byte blob", zero),
  head("HEAD of a zero-byte blob", `${repo}/blobs/${sha256(zero)}`),
  {
    name: "a POST with a digest",
    say: () => ({
      method: "POST",
      path: `${repo}/blobs/uploads/?digest=${sha256(small)}`,
      headers: octets,
      body: small,
    }),
  },
  {
    name: "a mount",
    say: () => ({
      method: "POST",
      path: `/v2/team/second/blobs/uploads/?mount=${sha256(small)}&from=team/app`,
    }),
  },
  begin("a mount of an absent blob", `?mount=${nowhere}&from=team/second`),
  begin("a mount from nowhere", `?mount=${sha256(small)}&from=no/where`),
  begin("a mount without from", `?mount=${sha256(other)}`),
  ...app.blobs.flatMap((one, at) => upload(`blob ${at} of the image`, one)),
  ...upload("the empty config", emptyConfig.bytes),
  ...referrer.blobs.flatMap((one, at) =>
    upload(`blob ${at} of the referrer`, one),
  ),
  putManifest("a manifest by digest", app),
  putManifest("a manifest by tag", app, { reference: "v1" }),
  putManifest("the same again", app, { reference: "v1" }),
  putManifest("a manifest under a wrong digest", app, { reference: nowhere }),
  putManifest("a manifest under a bad tag", app, { reference: "-bad" }),
  putManifest("a manifest with a wrong type", app, {
    type: list.descriptor.mediaType,
  }),
  putManifest("a manifest with a foreign type", app, {
    type: "application/json",
  }),
  putManifest("a manifest whose blobs are absent", absent),
  putManifest(
    "no JSON",
    { ...app, bytes: Buffer.from("{") },
    { reference: "v2" },
  ),
  {
    ...putManifest(
      "a JSON that is no manifest",
      { ...app, bytes: Buffer.from("{}") },
      { reference: "v2" },
    ),
    differs: "distribution has no better word for it than 500 UNKNOWN",
  },
  putManifest(
    "too large a manifest",
    { ...app, bytes: Buffer.alloc(5_000_000, " ") },
    { reference: "v2" },
  ),
  putManifest("an index", list, { reference: "multi" }),
  putManifest("a sparse index", sparse, { reference: "sparse" }),
  putManifest("a manifest with a subject", referrer),
  putManifest(
    "a subject that is absent",
    manifest({
      config: emptyConfig,
      layers: [{ mediaType: "text/plain", bytes: small }],
      artifactType: "text/plain",
      subject: absent.descriptor,
    }),
  ),
  head("HEAD of a tag", `${repo}/manifests/v1`, accept),
  get("GET of a tag", `${repo}/manifests/v1`, accept),
  get("GET by digest", `${repo}/manifests/${app.descriptor.digest}`, accept),
  get("GET of an index", `${repo}/manifests/multi`, acceptIndex),
  get("GET without Accept", `${repo}/manifests/v1`),
  get("GET of an index as a manifest", `${repo}/manifests/multi`, accept),
  get("GET of a manifest as an index", `${repo}/manifests/v1`, acceptIndex),
  get("GET with Accept */*", `${repo}/manifests/v1`, { accept: "*/*" }),
  get("GET if changed", `${repo}/manifests/v1`, {
    ...accept,
    "if-none-match": `"${app.descriptor.digest}"`,
  }),
  head("HEAD of an absent tag", `${repo}/manifests/nothing`, accept),
  get("GET of an absent tag", `${repo}/manifests/nothing`, accept),
  get("GET of an absent digest", `${repo}/manifests/${nowhere}`, accept),
  get("GET of a malformed digest", `${repo}/manifests/sha256:abc`, accept),
  get("referrers", `${repo}/referrers/${app.descriptor.digest}`),
  get("tags", `${repo}/tags/list`),
  get("tags, one at a time", `${repo}/tags/list?n=1`),
  {
    ...get("tags after one", `${repo}/tags/list?n=1&last=multi`),
    differs: "distribution links to one more page whenever a page is full",
  },
  get("tags after the last", `${repo}/tags/list?n=1&last=zzz`),
  get("tags, none", `${repo}/tags/list?n=0`),
  get("tags, badly asked", `${repo}/tags/list?n=x`),
  get("tags, minus one", `${repo}/tags/list?n=-1`),
  get("catalog", "/v2/_catalog"),
  get("catalog, one at a time", "/v2/_catalog?n=1"),
  putManifest("a second tag", app, { reference: "v1-again" }),
  remove("DELETE of a tag", `${repo}/manifests/v1-again`),
  get("GET of a deleted tag", `${repo}/manifests/v1-again`, accept),
  remove("DELETE of an absent tag", `${repo}/manifests/v1-again`),
  remove(
    "DELETE of a manifest",
    `${repo}/manifests/${referrer.descriptor.digest}`,
  ),
  get(
    "GET of a deleted manifest",
    `${repo}/manifests/${referrer.descriptor.digest}`,
    accept,
  ),
  remove("DELETE of an absent manifest", `${repo}/manifests/${nowhere}`),
  remove("DELETE of a blob", `${repo}/blobs/${sha256(other)}`),
  head("HEAD of a deleted blob", `${repo}/blobs/${sha256(other)}`),
  remove("DELETE of an absent blob", `${repo}/blobs/${nowhere}`),
  {
    name: "a method nobody knows",
    say: () => ({ method: "POST", path: `${repo}/manifests/v1` }),
  },
  {
    name: "a POST without the slash",
    say: () => ({ method: "POST", path: `${repo}/blobs/uploads` }),
  },
];

function finishRest(name: string): Turn {
  return {
    name,
    say: (at) => ({
      method: "PUT",
      path: withDigest(at, sha256(other)),
      body: other.subarray(2000),
      headers: {
        ...octets,
        "content-range": "2000-2999",
        "content-length": "1000",
      },
    }),
  };
}
