import { z } from "zod";
import { digestOf } from "../../oci/digest";
import { readJson, type Json } from "../../oci/json";
import { canonicalJson } from "../canonicalJson";
import { isBase64 } from "../formats/base64";
import { once } from "../once";
import githubRoot from "./githubRoot.json";
import publicGoodRoot from "./publicGoodRoot.json";

const mediaTypes = [
  "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
  "application/vnd.dev.sigstore.trustedroot+json;version=0.2",
  "application/vnd.dev.sigstore.trustedroot.v0.1+json",
  "application/vnd.dev.sigstore.trustedroot.v0.2+json",
] as const;

const base64 = z.string().min(1).refine(isBase64, "is not base64");
const moment = z.iso.datetime({ offset: true });

/** `start` is required: without it the library takes a key as valid since 1970 (§1.3, gap 24). */
const validity = z
  .object({ start: moment, end: moment.optional() })
  .refine(
    ({ start, end }) =>
      end === undefined || Date.parse(start) < Date.parse(end),
    "ends before it starts",
  );

const log = z.object({
  baseUrl: z.string().min(1),
  hashAlgorithm: z.string(),
  publicKey: z.object({
    rawBytes: base64,
    keyDetails: z.string(),
    validFor: validity,
  }),
  logId: z.object({ keyId: base64 }),
  checkpointKeyId: z.object({ keyId: base64 }).optional(),
});

const authority = z.object({
  subject: z.record(z.string(), z.string()).optional(),
  uri: z.string().optional(),
  certChain: z.object({
    certificates: z
      .array(z.object({ rawBytes: base64 }))
      .min(1)
      .max(10),
  }),
  validFor: validity,
});

const documentSchema = z.object({
  mediaType: z.enum(mediaTypes),
  tlogs: z.array(log).max(100).default([]),
  certificateAuthorities: z.array(authority).max(100).default([]),
  ctlogs: z.array(log).max(100).default([]),
  timestampAuthorities: z.array(authority).max(100).default([]),
});

/** A checked `trusted_root.json`; members that we do not know are left out. */
export type TrustedRootDocument = z.infer<typeof documentSchema>;

/** Reads a `trusted_root.json`. Throws an `Error` that says what is wrong with it (T40). */
export function readTrustedRoot(text: string): TrustedRootDocument {
  const parsed = documentSchema.safeParse(
    withoutNulls(
      readJson(Buffer.from(text), { maxDepth: 16, maxItems: 20_000 }),
    ),
  );
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`${issue?.path.join(".")}: ${issue?.message}`);
}

/** In protobuf's JSON a null member is an absent one. */
function withoutNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      member === null ? [] : [[name, withoutNulls(member)]],
    ),
  );
}

const maxRoots = 32; // a program has a few, and reading one takes milliseconds
const readOnce = once(readTrustedRoot, maxRoots);
const readEmbedded = once((root: object) => documentSchema.parse(root), 2);

/** The roots that come with this package: sigstore.dev's, and the instance that signs for GitHub's private repositories (§1.2). */
const embedded = {
  "public-good": publicGoodRoot,
  github: githubRoot,
} as const;

/** A root that comes with this package, by the word that a policy may write. */
export type EmbeddedRoot = keyof typeof embedded;

/** One root that a policy trusts. */
export interface Root {
  readonly document: TrustedRootDocument;
  /** absent: the user gave it */
  readonly embedded?: EmbeddedRoot;
  /** whether it was just brought up to date */
  readonly refreshed?: boolean;
}

/** Whether an entry of `trustedRoots` is the name of a root that comes with this package. */
export function isEmbedded(text: string): text is EmbeddedRoot {
  return Object.hasOwn(embedded, text);
}

/** The roots that a policy names, the public-good root where it names none; equal texts give the same document. */
export function rootsOf(
  texts: readonly string[] = ["public-good"],
): readonly Root[] {
  return texts.map((text) =>
    isEmbedded(text)
      ? { document: readEmbedded(embedded[text]), embedded: text }
      : { document: readOnce(text) },
  );
}

/** The same as documents. */
export function trustedRootsOf(
  texts: readonly string[] | undefined,
): readonly TrustedRootDocument[] {
  return rootsOf(texts).map(({ document }) => document);
}

/** `sha256:` over the canonical document: the same however it was laid out. */
export const digestOfRoot = once(
  (root: TrustedRootDocument): string =>
    digestOf(Buffer.from(canonicalJson(root))),
  maxRoots,
);

/** The youngest key, certificate authority or log in a root, as `2025-08-01`: what is newer cannot be in it. */
export function dateOfRoot(root: TrustedRootDocument): string {
  const starts = [
    ...[...root.tlogs, ...root.ctlogs].map((log) => log.publicKey.validFor),
    ...[...root.certificateAuthorities, ...root.timestampAuthorities].map(
      (authority) => authority.validFor,
    ),
  ].map(({ start }) => new Date(start).toISOString());
  return starts.sort().at(-1)?.slice(0, 10) ?? "no date";
}
