import { Allowance } from "../../mirror/allowance";
import { mapBounded } from "../../mirror/bounded";
import { MirrorError } from "../../mirror/errors";
import { readLayers } from "../../mirror/evidenceLayers";
import type { EvidenceManifest, Reach } from "../../mirror/ports";
import { printable } from "../../mirror/printable";
import { artifactTypeOf } from "../../oci/manifest";
import type { Report } from "../../resources/judging/reportShape";
import type { Claim } from "../../verifiers/authorities/claimed";
import type { ReferrerEntry } from "../getReferrersShape";
import { shownAnnotations } from "./annotations";
import { saidCreated } from "./created";
import type { Gathered } from "./gather";
import { kindOf, saidPredicates } from "./kinds";
import { totalSize } from "./sizes";

const readsAtOnce = 8;
const maxRead = 1000;
const maxClaims = 20;
const maxText = 500;
const mebibyte = 1024 * 1024;
const maxAnswerBytes = 16 * mebibyte;

/** Every manifest about another one, with what it says of itself and what is proven of it. */
export async function entriesOf(
  { seen, manifests, report }: Gathered,
  reach: Reach,
): Promise<readonly ReferrerEntry[]> {
  const allowance = new Allowance();
  const numbered = manifests.map((manifest, at) => ({ manifest, at }));
  let bytes = 0;
  return mapBounded(numbered, readsAtOnce, async ({ manifest, at }) => {
    const claims =
      at < maxRead ? await claimsIn(manifest, { allowance, reach }) : [unread];
    const entry = entryOf(manifest, claims, report);
    bytes += JSON.stringify(entry).length;
    if (bytes > maxAnswerBytes) throw tooMuch(seen.ref);
    return entry;
  });
}

function tooMuch(reference: string): MirrorError {
  return new MirrorError({
    fault: "exceeded",
    code: "LIMIT_EXCEEDED",
    what: "could not list all evidence",
    where: { side: "source", reference },
    why: `what its referrers say of themselves has more than ${maxAnswerBytes / mebibyte} MiB`,
    remedy: "have the publisher remove what is not evidence",
  });
}

const unread: Claim = {
  format: "unread",
  problem: `only the first ${maxRead} pieces of evidence are read for what they claim`,
};

async function claimsIn(
  manifest: EvidenceManifest,
  reading: { readonly allowance: Allowance; readonly reach: Reach },
): Promise<readonly Claim[]> {
  const { canClaim, claimIn } =
    await import("../../verifiers/authorities/claimed.ts");
  const { evidence, ignored } = await readLayers(manifest, {
    ...reading,
    reads: canClaim,
  });
  const claims = await Promise.all(evidence.slice(0, maxClaims).map(claimIn));
  const tooLarge = ignored.map(({ reason }) => ({
    format: "unread",
    problem: reason,
  }));
  return [...claims, ...tooLarge].slice(0, maxClaims);
}

function entryOf(
  { subject, node, below, via, tag, from }: EvidenceManifest,
  claims: readonly Claim[],
  report: Report | undefined,
): ReferrerEntry {
  const { descriptor, manifest } = node;
  const { digest, mediaType, size } = descriptor;
  const stated = claims.flatMap(({ predicateType }) => predicateType ?? []);
  const predicates = [...new Set([...stated, ...saidPredicates(manifest)])];
  const created = saidCreated(manifest.annotations);
  return {
    digest,
    parent: subject.digest,
    kind: kindOf(manifest, predicates),
    mediaType,
    artifactType: short(artifactTypeOf(manifest)),
    predicateTypes: predicates.slice(0, maxClaims).map(short),
    via,
    ...(tag !== undefined && { tag }),
    repository: from.repository,
    size,
    totalSize: totalSize([...below, node]),
    ...(created !== undefined && { created }),
    annotations: { ...shownAnnotations(manifest.annotations).annotations },
    claimed: claims.filter(isSigned).map(claimedBy),
    proven: provenIn(report, digest),
  };
}

/** A bare statement claims nobody. */
const isSigned = ({ format }: Claim): boolean => format !== "in-toto";

function claimedBy(claim: Claim): ReferrerEntry["claimed"][number] {
  const { format, predicateType, problem, signer = {} } = claim;
  const { identity, issuer, subject, keyId } = signer;
  const said = { identity, issuer, subject, keyId, predicateType, problem };
  const given = Object.entries(said).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, short(text)]],
  );
  return { format: short(format), ...Object.fromEntries(given) };
}

function provenIn(
  report: Report | undefined,
  digest: string,
): ReferrerEntry["proven"] {
  const signers = report?.requirements.flatMap((one) => one.signers) ?? [];
  return signers.filter(({ evidence }) => evidence === digest);
}

const short = (text: string): string => printable(text, maxText);
