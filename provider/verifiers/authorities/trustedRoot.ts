import { z } from "zod";
import { digestOf } from "../../oci/digest";
import { readJson } from "../../oci/json";
import { canonicalJson } from "../canonicalJson";
import { isBase64 } from "../formats/base64";
import { once } from "../once";
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
    readJson(Buffer.from(text), { maxDepth: 16, maxItems: 20_000 }),
  );
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`${issue?.path.join(".")}: ${issue?.message}`);
}

const maxRoots = 32; // a program has a few, and reading one takes milliseconds
const readOnce = once(readTrustedRoot, maxRoots);
const readEmbedded = once((root: object) => documentSchema.parse(root), 1);

/** The roots that a policy names, or the embedded public-good root; equal texts give the same document. */
export function trustedRootsOf(
  texts: readonly string[] | undefined,
): readonly TrustedRootDocument[] {
  if (texts) return texts.map(readOnce);
  return [readEmbedded(publicGoodRoot)];
}

/** `sha256:` over the canonical document: the same however it was laid out. */
export const digestOfRoot = once(
  (root: TrustedRootDocument): string =>
    digestOf(Buffer.from(canonicalJson(root))),
  maxRoots,
);
