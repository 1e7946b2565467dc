import {
  type Answer,
  type Call,
  failure,
  methodNotAllowed,
  pageNotFound,
} from "./answer";
import type { RegistryOptions } from "./options";
import { algorithmIn, dropManifest, digestOf, type Storage } from "./storage";
import { looseManifest, refuseManifest } from "./validate";

interface Place {
  readonly name: string;
  readonly reference: string;
}

const unsupported = failure({
  code: "UNSUPPORTED",
  message: "The operation is unsupported.",
});
const badDigest = failure({
  code: "DIGEST_INVALID",
  message: "provided digest did not match uploaded content",
});
const tagShape = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** GET, HEAD, PUT and DELETE of manifests, by tag or by digest. */
export class Manifests {
  constructor(
    private readonly storage: Storage,
    private readonly options: RegistryOptions,
  ) {}

  async answer(call: Call, place: Place): Promise<Answer> {
    if (call.method === "PUT") return this.put(call, place);
    if (call.method === "DELETE") return this.remove(place);
    if (call.method === "GET" || call.method === "HEAD") {
      return this.get(call, place);
    }
    return methodNotAllowed;
  }

  private digestOf(place: Place): string | undefined {
    if (place.reference.includes(":")) return place.reference;
    return this.storage.find(place.name)?.tags.get(place.reference);
  }

  private get(call: Call, place: Place): Answer {
    if (place.reference.includes(":") && !algorithmIn(place.reference)) {
      return badDigest;
    }
    const digest = this.digestOf(place);
    const found = this.storage.find(place.name)?.manifests.get(digest ?? "");
    if (!digest || !found) return unknownManifest(place);
    if (!accepts(call, found.mediaType, this.options)) {
      return unknownManifest(place);
    }
    const headers = {
      "content-type": found.mediaType,
      "docker-content-digest": digest,
      etag: `"${digest}"`,
    };
    const isKnown = call.headers["if-none-match"] === headers.etag;
    return isKnown
      ? { status: 304 }
      : { status: 200, headers, body: found.bytes };
  }

  private async put(call: Call, place: Place): Promise<Answer> {
    const bytes = await call.readBody();
    const mediaType = (call.headers["content-type"] ?? "")
      .split(";")[0]
      ?.trim();
    const manifest = { mediaType: mediaType ?? "", bytes };
    const digest = this.digestToStore(place.reference, bytes);
    if (!digest) return badDigest;
    const refusal =
      this.refuseTag(place) ??
      refuseManifest(manifest, this.storage.demand(place.name), this.options);
    if (refusal) return refusal;
    const repository = this.storage.demand(place.name);
    repository.manifests.set(digest, manifest);
    if (!place.reference.includes(":")) {
      repository.tags.set(place.reference, digest);
    }
    return this.created(call, place.name, { digest, bytes });
  }

  private created(
    call: Call,
    name: string,
    written: { readonly digest: string; readonly bytes: Uint8Array },
  ): Answer {
    const base = this.options.locations === "relative" ? "" : call.origin;
    const subject = looseManifest(written.bytes)?.subject?.digest;
    return {
      status: 201,
      headers: {
        location: `${base}/v2/${name}/manifests/${written.digest}`,
        "docker-content-digest": written.digest,
        ...(subject && this.options.referrersApi !== false
          ? { "oci-subject": subject }
          : {}),
      },
    };
  }

  private digestToStore(
    reference: string,
    bytes: Uint8Array,
  ): string | undefined {
    if (!reference.includes(":")) return digestOf(bytes);
    const algorithm = algorithmIn(reference);
    if (!algorithm) return undefined;
    if (algorithm === "sha512" && this.options.sha512 === false)
      return undefined;
    return digestOf(bytes, algorithm) === reference ? reference : undefined;
  }

  private refuseTag(place: Place): Answer | undefined {
    if (place.reference.includes(":")) return undefined;
    if (!tagShape.test(place.reference)) return pageNotFound;
    const taken = this.storage.find(place.name)?.tags.has(place.reference);
    if (!taken || !this.options.immutableTags) return undefined;
    const message = `The tag '${place.reference}' already exists in '${place.name}' and cannot be overwritten because the repository is immutable.`;
    return this.options.immutableTags === "ecr"
      ? failure({ code: "TAG_INVALID", message })
      : failure({ code: "PRECONDITION", message });
  }

  private remove(place: Place): Answer {
    const isTag = !place.reference.includes(":");
    if (this.options.deletes === false) return unsupported;
    if (isTag && this.options.deleteTags === false) return unsupported;
    if (!isTag && !algorithmIn(place.reference)) return badDigest;
    const repository = this.storage.find(place.name);
    const gone = isTag
      ? repository?.tags.delete(place.reference)
      : repository && dropManifest(repository, place.reference);
    return gone ? { status: 202 } : unknownManifest(place);
  }
}

function accepts(
  call: Call,
  mediaType: string,
  options: RegistryOptions,
): boolean {
  const isAsked =
    options.strictAccept === "distribution"
      ? mediaType === "application/vnd.oci.image.manifest.v1+json"
      : options.strictAccept === true;
  return !isAsked || (call.headers["accept"] ?? "").includes(mediaType);
}

function unknownManifest(place: Place): Answer {
  return failure({
    code: "MANIFEST_UNKNOWN",
    message: "manifest unknown",
    detail: `unknown manifest name=${place.name} reference=${place.reference}`,
  });
}
