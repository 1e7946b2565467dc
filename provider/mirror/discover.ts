import type { Descriptor } from "../oci/descriptor";
import type { Digest } from "../oci/digest";
import { Allowance } from "./allowance";
import { mapBounded } from "./bounded";
import type { Ignored } from "./evidenceLayers";
import { isAbsent, MirrorError } from "./errors";
import { parseNode, readNode, walk, type Artifact } from "./graph";
import {
  listEvidence,
  maxEvidenceDepth,
  subjectOf,
  type Listed,
  type Subject,
  type Way,
} from "./listing";
import type {
  Evidence,
  EvidenceManifest,
  Inside,
  Node,
  Reach,
  Source,
  Via,
} from "./ports";
import { readToJudge, type Judges } from "./toJudge";
import { whereIn } from "./where";

const maxManifests = 10_000;
const asksAtOnce = 8;

/** All evidence about an artifact, as far as its places name it: complete but for lists that a place denies (`UNLISTED`), or `discover` throws. */
export interface Discovered {
  /** each after the manifest it is about */
  readonly manifests: readonly EvidenceManifest[];
  /** layers that some authority can read: about the root, and about whatever else of the artifact has to be judged */
  readonly evidence: readonly Evidence[];
  /** statements inside the artifact, where a requirement reads them */
  readonly inside: readonly Inside[];
  readonly ignored: readonly Ignored[];
  /** everything that was listed about the root itself, evidence or not */
  readonly listed: readonly Listed[];
}

/** Where evidence is looked for, and who will judge it. */
export interface Search extends Judges {
  /** the artifact's own place first */
  readonly places: readonly [Source, ...Source[]];
  readonly reach: Reach;
  /** where all that is wanted is known to hang: nothing else is asked for */
  readonly only?: ReadonlyMap<Digest, ReadonlySet<Way>>;
}

interface Looking extends Search {
  readonly allowance: Allowance;
}

/** Finds all evidence of the artifact's root, its children, and the evidence itself. It has no opinion. */
export async function discover(
  artifact: Artifact,
  asked: Search,
): Promise<Discovered> {
  const search: Looking = { ...asked, allowance: new Allowance() };
  const own = artifact.manifests.map(({ descriptor }) =>
    keyOf({ digest: descriptor.digest }),
  );
  const seen: Collected = {
    manifests: [],
    ignored: [],
    met: new Set(own),
  };
  const children = artifact.manifests.slice(0, -1).map((node) => ({ node }));
  const [root, ...below] = await Promise.all([
    about({ node: artifact.root }, search),
    aboutAll(children, search),
  ]);
  let found = [root, ...below.flat()];
  for (let depth = 0; found.length > 0; depth++) {
    const isTooDeep =
      depth > maxEvidenceDepth && found.some(({ listed }) => listed.length > 0);
    const subjects = found.flatMap((one) => collect(one, seen));
    const isTooMuch = seen.manifests.length > maxManifests;
    if (isTooDeep || isTooMuch) throw tooMuch(search, artifact);
    found = await aboutAll(subjects, search);
  }
  const { evidence, inside, ignored } = await readToJudge(
    artifact,
    seen.manifests,
    asked,
  );
  return {
    manifests: seen.manifests,
    evidence,
    inside,
    ignored: [...seen.ignored, ...ignored],
    listed: root.listed,
  };
}

interface Collected {
  readonly manifests: EvidenceManifest[];
  readonly ignored: Ignored[];
  readonly met: Set<string>;
}

interface About {
  readonly listed: readonly Listed[];
  readonly manifests: readonly EvidenceManifest[];
  readonly ignored: readonly Ignored[];
}

/** One manifest under one tag; BuildKit's attestation manifests are children and referrers at once, and stay children. */
const keyOf = (listed: { readonly digest: Digest; readonly tag?: string }) =>
  `${listed.tag ?? ""} ${listed.digest}`;

/** Content, or evidence that was found in a certain way. */
type Examined = Pick<EvidenceManifest, "node"> & { readonly via?: Via };

/** Adds what is new, and answers that whose own evidence comes next. */
function collect(one: About, seen: Collected): Examined[] {
  seen.ignored.push(...one.ignored);
  const fresh = one.manifests.filter((manifest) => {
    const key = keyOf({
      digest: manifest.node.descriptor.digest,
      tag: manifest.tag,
    });
    if (seen.met.has(key)) return false;
    seen.met.add(key);
    return true;
  });
  seen.manifests.push(...fresh);
  return fresh;
}

function aboutAll(
  subjects: readonly Examined[],
  search: Looking,
): Promise<About[]> {
  return mapBounded(subjects, asksAtOnce, (subject) => about(subject, search));
}

async function about({ node, via }: Examined, search: Looking): Promise<About> {
  const subject = wanted(subjectOf(node.descriptor.digest, via), search);
  const asking = { reach: search.reach, toRead: true };
  const listings = await Promise.all(
    search.places.map((place) => listEvidence(place, subject, asking)),
  );
  const listed = listings.flatMap((listing) => listing.listed);
  const read = await mapBounded(listed, asksAtOnce, (one) =>
    prove(one, node.descriptor, search),
  );
  return {
    listed,
    manifests: read.flatMap((one) => ("node" in one ? [one] : [])),
    ignored: [
      ...read.flatMap((one) => ("reason" in one ? [one] : [])),
      ...listings.flatMap(({ denied }) =>
        denied ? [unlisted(subject.digest, denied)] : [],
      ),
    ],
  };
}

function wanted({ digest, ways }: Subject, { only }: Looking): Subject {
  const known = only && (only.get(digest) ?? new Set());
  return { digest, ways: ways.filter((way) => known?.has(way) ?? true) };
}

const unlisted = (
  digest: Digest,
  { message: reason }: MirrorError,
): Ignored => ({
  digest,
  code: "UNLISTED",
  reason,
});

/** A list is only a hint (W105): the manifest itself must say what it is about. Cosign's tags say it by their name. */
async function prove(
  one: Listed,
  subject: Descriptor,
  search: Looking,
): Promise<EvidenceManifest | Ignored> {
  try {
    const { bytes, ...listed } = one;
    const { from, descriptor } = listed;
    const node = bytes
      ? parseNode(from, { descriptor, bytes })
      : await readNode(from, descriptor, search.reach);
    const said = node.manifest.subject?.digest;
    const isAbout =
      said === subject.digest || (said === undefined && one.via !== "referrer");
    if (!isAbout) {
      const reason = `listed as a referrer, but its subject is ${said ?? "absent"}`;
      return setAside(one, { code: "SUBJECT_MISMATCH", reason });
    }
    search.allowance.take(node.bytes.length, from);
    const below = await partsOf(from, node, search);
    return { ...listed, subject, node, below };
  } catch (error) {
    const why = harmless(error);
    if (!why || search.allowance.isSpent) throw error;
    return setAside(one, why);
  }
}

const setAside = (
  { descriptor }: Listed,
  why: Omit<Ignored, "digest">,
): Ignored => ({ digest: descriptor.digest, ...why });

/** The manifests below evidence that is an index. */
async function partsOf(
  from: Source,
  { descriptor, manifest }: Node,
  { reach, allowance }: Looking,
): Promise<readonly Node[]> {
  if (manifest.kind !== "index") return [];
  const whole = await walk(from, descriptor, {
    platforms: [],
    reach,
    allowance,
  });
  return whole.manifests.slice(0, -1);
}

/** What a stranger with push rights can cause must not deny service, and must not help: it is set aside. The rest is thrown. */
function harmless(error: unknown): Omit<Ignored, "digest"> | undefined {
  if (isAbsent(error))
    return { code: "ABSENT", reason: "listed, but not there" };
  if (!(error instanceof MirrorError)) return undefined;
  const { fault, code, message: reason } = error;
  if (fault === "exceeded") return { code: "LIMIT", reason };
  const isOdd = fault === "unsupported" || code === "AMBIGUOUS_MANIFEST";
  return isOdd ? { code: "UNREADABLE", reason } : undefined;
}

function tooMuch(search: Search, artifact: Artifact): MirrorError {
  return new MirrorError({
    fault: "exceeded",
    code: "LIMIT_EXCEEDED",
    what: "could not find all evidence",
    where: whereIn(search.places[0], artifact.root.descriptor.digest),
    why: `there are more than ${maxManifests} evidence manifests, or they refer to each other more than ${maxEvidenceDepth} deep`,
    remedy: "have the publisher remove what is not evidence",
  });
}
