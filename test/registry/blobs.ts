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
  return { status: 202 };
}

function answerRange(
  wanted: string,
  bytes: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Answer {
  const size = bytes.length;
  const span = spanOf(wanted, size);
  if (!span) return { status: 200, headers, body: bytes };
  const { start, end } = span;
  if (start >= size || end < start) {
    return {
      status: 416,
      headers: {
        ...headers,
        "content-type": "text/plain; charset=utf-8",
        "content-range": `bytes */${size}`,
      },
    };
  }
  return {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${start}-${end}/${size}` },
    body: bytes.subarray(start, end + 1),
  };
}

/** The first and last byte of `bytes=A-B`, `bytes=A-` or `bytes=-N`; `undefined` for anything else. */
function spanOf(
  wanted: string,
  size: number,
): { readonly start: number; readonly end: number } | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(wanted) ?? [];
  if (first === "" && last === "") return undefined;
  if (first === "") {
    return { start: Math.max(0, size - Number(last)), end: size - 1 };
  }
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return { start: Number(first), end };
}
