import { isDigest, type Digest } from "./digest";
import { defined } from "./json";
import { notAReference } from "./notAReference";
import { parseRepository } from "./repository";

/** A repository in a registry, and what is meant in it. */
export interface RegistryReference {
  readonly kind: "registry";
  /** `host[:port]`; Docker Hub is always `docker.io` */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** An OCI layout directory, and what is meant in it: `oci:./dir:tag`. */
export interface LayoutReference {
  readonly kind: "layout";
  readonly path: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** Where an artifact lies, and which one is meant there. */
export type Reference = RegistryReference | LayoutReference;

interface Parts {
  readonly name: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

const tagGrammar = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** Whether the text may be a tag (W02). */
export function isTag(text: string): boolean {
  return tagGrammar.test(text);
}

/** Reads a reference as a user writes it; no tag is implied. Throws `MalformedError` with rule `reference`. */
export function parseReference(text: string): Reference {
  refuseScheme(text);
  return text.startsWith("oci:") ? parseLayout(text) : parseRegistry(text);
}

/** Writes a reference as `parseReference` reads it. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return `${repositoryOf(reference)}${tag}${digest}`;
}

/** The place without tag and digest: `host/repository`, or `oci:path`. */
export function repositoryOf(reference: Reference): string {
  return reference.kind === "layout"
    ? `oci:${reference.path}`
    : `${reference.registry}/${reference.repository}`;
}

function parseRegistry(text: string): RegistryReference {
  const { name, tag, digest } = split(text, text);
  const place = parseRepository(name, text);
  return defined({ kind: "registry", ...place, tag, digest });
}

function parseLayout(text: string): LayoutReference {
  const { name, tag, digest } = split(text.slice("oci:".length), text);
  if (!/^[^\p{Cc}]+$/u.test(name) || name.includes("@sha")) {
    throw notAReference(
      text,
      "a directory, and then perhaps a tag and a digest, follow oci: as in oci:./dir:tag",
    );
  }
  return defined({ kind: "layout", path: name, tag, digest });
}

/** Cuts `:tag` and `@digest` off the last segment of a path. */
function split(path: string, text: string): Parts {
  const last = path.lastIndexOf("/") + 1;
  const at = path.indexOf("@", last);
  const tagged = at < 0 ? path : path.slice(0, at);
  const colon = tagged.indexOf(":", last);
  return {
    name: colon < 0 ? tagged : tagged.slice(0, colon),
    tag: colon < 0 ? undefined : requireTag(tagged.slice(colon + 1), text),
    digest: at < 0 ? undefined : requireDigest(path.slice(at + 1), text),
  };
}

function requireTag(tag: string, text: string): string {
  if (isTag(tag)) return tag;
  throw notAReference(
    text,
    tag.includes("+")
      ? `a tag cannot hold "+"; Helm writes it as "_": ${tag.replaceAll("+", "_")}`
      : "a tag has 1 to 128 letters, digits, dots, hyphens and underscores, and begins with neither dot nor hyphen",
  );
}

function requireDigest(digest: string, text: string): Digest {
  if (isDigest(digest)) return digest;
  throw notAReference(
    text,
    "after @ stands a digest: sha256: and 64, or sha512: and 128, lower-case hex digits",
  );
}

function refuseScheme(text: string): void {
  const scheme = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//.exec(text)?.[0];
  if (scheme !== undefined) {
    throw notAReference(text, `leave out ${scheme}; a reference has no scheme`);
  }
}
