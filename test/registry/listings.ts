import { type Answer, type Call, failure, json, pageNotFound } from "./answer";
import type { RegistryOptions } from "./options";
import { algorithmIn, type Repository, type Storage } from "./storage";
import { looseManifest } from "./validate";

const badNumber = failure({
  code: "PAGINATION_NUMBER_INVALID",
  message: "invalid number of results requested",
});

interface Page {
  readonly items: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** One page of a sorted list by `n` and `last`, and the Link to the next one; `undefined` for a bad `n`. */
function pageOf(
  call: Call,
  all: readonly string[],
  options: RegistryOptions,
): Page | undefined {
  const asked = call.query.get("n");
  if (asked !== null && !/^\d+$/.test(asked)) return undefined;
  const last = call.query.get("last");
  const rest = last === null ? all : all.filter((one) => one > last);
  const limit = Math.min(
    asked === null ? rest.length : Number(asked),
    options.pageSize ?? rest.length,
  );
  const items = rest.slice(0, limit);
  const end = items.at(-1);
  if (rest.length <= limit || end === undefined) return { items, headers: {} };
  const query = new URLSearchParams(call.query);
  query.delete("n");
  query.set("last", end);
  query.set("n", String(limit));
  const link = `<${call.path}?${query.toString()}>; rel="next"`;
  return { items, headers: { link } };
}

/** `GET /v2/<name>/tags/list`. */
export function answerTags(
  call: Call,
  place: { readonly name: string; readonly repository?: Repository },
  options: RegistryOptions,
): Answer {
  const { name, repository } = place;
  if (!repository) {
    return failure({
      code: "NAME_UNKNOWN",
      message: "repository name not known to registry",
      detail: { name },
    });
  }
  const page = pageOf(call, [...repository.tags.keys()].sort(), options);
  if (!page) return badNumber;
  return json(200, { name, tags: page.items }, page.headers);
}

/** `GET /v2/_catalog`. */
export function answerCatalog(
  call: Call,
  storage: Storage,
  options: RegistryOptions,
): Answer {
  const page = pageOf(call, storage.names(), options);
  if (!page) return badNumber;
  return json(200, { repositories: page.items }, page.headers);
}

/** `GET /v2/<name>/referrers/<digest>`: an index, empty where there is none. */
export function answerReferrers(
  call: Call,
  place: { readonly digest: string; readonly repository?: Repository },
  options: RegistryOptions,
): Answer {
  if (options.referrersApi === false) return pageNotFound;
  if (!algorithmIn(place.digest)) {
    return failure({ code: "DIGEST_INVALID", message: "invalid digest" });
  }
  const wanted = call.query.get("artifactType");
  const all = referrersOf(place.repository, place.digest).filter(
    (one) => wanted === null || one.artifactType === wanted,
  );
  const byDigest = new Map(all.map((one) => [one.digest, one]));
  const page = pageOf(call, [...byDigest.keys()].sort(), options);
  if (!page) return badNumber;
  return json(
    200,
    {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: page.items.map((digest) => byDigest.get(digest)),
    },
    {
      ...page.headers,
      "content-type": "application/vnd.oci.image.index.v1+json",
      ...(wanted === null ? {} : { "oci-filters-applied": "artifactType" }),
    },
  );
}

interface Referrer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

function referrersOf(
  repository: Repository | undefined,
  subject: string,
): readonly Referrer[] {
  const found: Referrer[] = [];
  for (const [digest, { mediaType, bytes }] of repository?.manifests ?? []) {
    const content = readOnce(bytes);
    if (content?.subject?.digest !== subject) continue;
    const artifactType = content.artifactType ?? content.config?.mediaType;
    const { annotations } = content;
    found.push({
      mediaType,
      digest,
      size: bytes.length,
      artifactType,
      annotations,
    });
  }
  return found;
}

/** Ten thousand manifests are read once, and not for every page. */
const read = new WeakMap<Uint8Array, ReturnType<typeof looseManifest>>();

function readOnce(bytes: Uint8Array): ReturnType<typeof looseManifest> {
  const content = read.get(bytes) ?? looseManifest(bytes);
  if (content) read.set(bytes, content);
  return content;
}
