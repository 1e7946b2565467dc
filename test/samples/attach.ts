import { index, type Blob } from "./artifacts";
import { legacyManifest } from "./legacyEvidence";
import { put, type Sample, type SampleDescriptor, type Target } from "./target";

/** The tag that cosign 1 and 2 hang evidence on. */
export function cosignTag(
  subject: SampleDescriptor,
  suffix: "sig" | "att" | "sbom",
): string {
  return `${subject.digest.replace(":", "-")}.${suffix}`;
}

/** The referrers fallback tag of the distribution spec. */
export function fallbackTag(subject: SampleDescriptor): string {
  const [algorithm = "", hex = ""] = subject.digest.split(":");
  return `${algorithm.slice(0, 32)}-${hex.slice(0, 64)}`;
}

/** Puts layers under a cosign tag, in place of what was there. Answers the manifest's descriptor. */
export async function attachLegacy(
  target: Target,
  subject: SampleDescriptor,
  evidence: {
    readonly suffix: "sig" | "att";
    readonly layers: readonly Blob[];
  },
): Promise<SampleDescriptor> {
  const tag = cosignTag(subject, evidence.suffix);
  return await put(target, legacyManifest(evidence.layers), tag);
}

/** Puts a referrer; a registry with the referrers API lists it by itself. */
export async function attachReferrer(
  target: Target,
  referrer: Sample,
): Promise<SampleDescriptor> {
  return await put(target, referrer);
}

/** Puts a referrer and adds it to the fallback tag's index, as a client does where there is no referrers API. */
export async function attachByFallback(
  target: Target,
  subject: SampleDescriptor,
  referrer: Sample,
): Promise<SampleDescriptor> {
  await put(target, referrer);
  const tag = fallbackTag(subject);
  const known = await target.getManifest(tag);
  const entries = known ? entriesOf(known.bytes) : [];
  const others = entries.filter(
    (one) => one.digest !== referrer.descriptor.digest,
  );
  const listed = index(
    [...others, entryOf(referrer)].map((descriptor) => ({
      ...referrer,
      descriptor,
    })),
  );
  await target.putManifest(listed, tag);
  return referrer.descriptor;
}

/** Puts the subject itself under its fallback tag, as `cosign copy` may leave it. */
export async function attachSubjectAsFallback(
  target: Target,
  subject: Sample,
): Promise<void> {
  await put(target, subject, fallbackTag(subject.descriptor));
}

function entriesOf(bytes: Uint8Array): readonly SampleDescriptor[] {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
  if (typeof value !== "object" || value === null) return [];
  return "manifests" in value && Array.isArray(value.manifests)
    ? value.manifests
    : [];
}

function entryOf(referrer: Sample): SampleDescriptor {
  const content: unknown = JSON.parse(referrer.bytes.toString("utf8"));
  const annotations =
    typeof content === "object" && content !== null && "annotations" in content
      ? content.annotations
      : undefined;
  return Object.assign(
    {},
    referrer.descriptor,
    annotations ? { annotations } : {},
  );
}
