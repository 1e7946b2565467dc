import { type Answer, type Call, failure } from "./answer";
import type { RegistryOptions } from "./options";
import { algorithmIn, type Repository } from "./storage";

/** GET, HEAD and DELETE of one blob. */
export function answerBlob(
  call: Call,
  place: { readonly repository?: Repository; readonly digest: string },
  options: RegistryOptions,
): Answer {
  const { repository, digest } = place;
  if (!algorithmIn(digest)) {
    return failure({ code: "DIGEST_INVALID", message: "invalid digest" });
  }
  const bytes = repository?.blobs.get(digest);
  if (!bytes) return unknownBlob(digest);
  if (call.method === "DELETE") return deleteBlob(digest, repository, options);
  if (call.method !== "GET" && call.method !== "HEAD") return unsupported;
  const headers = {
    "content-type": "application/octet-stream",
    "docker-content-digest": digest,
    etag: `"${digest}"`,
    ...(options.ranges === false ? {} : { "accept-ranges": "bytes" }),
  };
  const wanted = options.ranges === false ? undefined : call.headers["range"];
  if (!wanted) return { status: 200, headers, body: bytes };
  return answerRange(wanted, bytes, headers);
}

const unsupported = failure({
  code: "UNSUPPORTED",
  message: "The operation is unsupported.",
});

function unknownBlob(digest: string): Answer {
  return failure({
    code: "BLOB_UNKNOWN",
    message: "blob unknown to registry",
    detail: { digest },
  });
}

function deleteBlob(
  digest: string,
  repository: Repository | undefined,
  options: RegistryOptions,
): Answer {
  if (options.deletes === false) return unsupported;
  repository?.blobs.delete(digest);
  return { status: 202, headers: { "docker-content-digest": digest } };
}

function answerRange(
  wanted: string,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Answer {
  const match = /^bytes=(\d*)-(\d*)$/.exec(wanted);
  const [first, last] = [match?.[1] ?? "", match?.[2] ?? ""];
  if (first === "" && last === "") return { status: 200, headers, body: bytes };
  const size = bytes.length;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end =
    first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start >= size || end < start) {
    return { status: 416, headers: { "content-range": `bytes */${size}` } };
  }
  return {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${start}-${end}/${size}` },
    body: bytes.subarray(start, end + 1),
  };
}
