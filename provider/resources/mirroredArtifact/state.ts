import type { Digest } from "../../oci/digest";
import { artifactTypeOf } from "../../oci/manifest";
import { formatReference, repositoryOf } from "../../oci/reference";
import type { Value, Values } from "../../mirror/lifecycle";
import { listingDigest } from "../../mirror/listing";
import { shortDigest } from "../../mirror/observe";
import type { Authenticated, Verdict } from "../../mirror/ports";
import { printable } from "../../mirror/printable";
import type { Admitted } from "../../mirror/verify";
import type { Examined } from "./examine";
import type { Intent } from "./intent";
import {
  outputs,
  stateVersion,
  verifierEpoch,
  type Attached,
  type Outputs,
  type Verification,
} from "./outputs";

/** What keeps an artifact's state below 8 kB, whatever its policy and its evidence. */
const maxDigests = 64;
const maxRequirements = 20;
const maxSigners = 6;
const maxText = 200;

/** The state of an artifact that was admitted, mirrored or about to be. */
export function remember(
  intent: Intent,
  examined: Examined,
  at: {
    readonly now: Date;
    readonly expected: readonly string[];
    readonly listedAll?: string;
  },
): Outputs {
  const { admitted } = examined;
  const { descriptor, manifest } = admitted.artifact.root;
  return {
    source: intent.given.source,
    destination: intent.given.destination,
    digest: descriptor.digest,
    ref: `${repositoryOf(intent.destination)}@${descriptor.digest}`,
    mediaType: descriptor.mediaType,
    size: descriptor.size,
    artifactType: printable(artifactTypeOf(manifest), maxText),
    verification: verificationOf(admitted, at.now),
    attached: attachedOf(examined, at),
    onDelete: intent.given.onDelete ?? "keep",
    version: stateVersion,
  };
}

function verificationOf(
  { artifact, policy, verdicts }: Admitted,
  now: Date,
): Verification {
  const ends = verdicts.flatMap(({ satisfiedBy }) =>
    satisfiedBy.flatMap(({ validUntil }) => validUntil ?? []),
  );
  const first = ends.sort((left, right) => left.getTime() - right.getTime())[0];
  return {
    digest: artifact.root.descriptor.digest,
    outcome: policy.unverified === undefined ? "verified" : "unverified",
    reason: policy.unverified?.slice(0, 500),
    policyDigest: policy.digest,
    verifierEpoch,
    verifiedAt: now.toISOString(),
    validUntil: first?.toISOString(),
    requirements: requirementsOf(verdicts),
  };
}

type Requirement = Verification["requirements"][number];

/** The answers, with the first few signers. */
function requirementsOf(verdicts: readonly Verdict[]): Requirement[] {
  let room = maxSigners;
  return verdicts.slice(0, maxRequirements).map((verdict) => {
    const signers = verdict.satisfiedBy.slice(0, room).map(signerOf);
    room -= signers.length;
    const { requirement: name, outcome, code } = verdict;
    return { name, outcome, code, signers };
  });
}

function signerOf({
  authority,
  evidence,
  signer,
}: Authenticated): Requirement["signers"][number] {
  return {
    authority,
    evidence: evidence.manifest.digest,
    keyId: signer.keyId,
    issuer: signer.issuer?.slice(0, maxText),
    identity: signer.identity?.slice(0, maxText),
  };
}

function attachedOf(
  examined: Examined,
  at: { readonly expected: readonly string[]; readonly listedAll?: string },
): Attached {
  return {
    count: at.expected.length,
    digests: at.expected.length > maxDigests ? [] : [...at.expected],
    listed: listingDigest(examined.discovered.listed),
    listedAll: at.listedAll,
    pending: [],
  };
}

/** The shortened digests that state keeps of evidence. */
export const shortened = (digests: readonly Digest[]) =>
  digests.map(shortDigest);

/** Reads state of any version we ever wrote. Members that are not ours (a former host's) are left out. */
export function readState(values: Values): Outputs {
  return outputs.parse(values);
}

/** State as plain values. */
export function writeState(state: Outputs): Values {
  return outputs.parse(state) satisfies { [name: string]: Value };
}

/** Id of a resource: its destination, as canonically written, without digest. */
export function idOf(intent: Pick<Intent, "destination">): string {
  return formatReference({ ...intent.destination, digest: undefined });
}
