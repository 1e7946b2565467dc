import type { Digest } from "../../oci/digest";
import { artifactTypeOf } from "../../oci/manifest";
import { formatReference, repositoryOf } from "../../oci/reference";
import type { Value, Values } from "../../mirror/lifecycle";
import { listingDigest } from "../../mirror/listing";
import { shortDigest } from "../../mirror/observe";
import { printable } from "../../mirror/printable";
import { reportOf, type Bounds } from "../judging/report";
import type { Candidate } from "../mirroring/age/candidateOutput";
import type { Examined } from "../mirroring/examine";
import type { Intent } from "./intent";
import { outputs, stateVersion, type Attached, type Outputs } from "./outputs";

/** What keeps an artifact's state below 8 kB, whatever its policy and its evidence. */
const maxDigests = 64;
const maxText = 200;
const stateBounds: Bounds = {
  requirements: 20,
  signers: 6,
  ignored: 5,
  notes: 3,
  text: 160,
  bytes: 4400,
};

/** The state of an artifact that was admitted, mirrored or about to be. */
export function remember(
  intent: Intent,
  examined: Examined,
  at: {
    readonly now: Date;
    readonly expected: readonly string[];
    readonly listedAll?: string;
    readonly candidate?: Candidate | undefined;
  },
): Outputs {
  const { admitted, discovered } = examined;
  const { descriptor, manifest } = admitted.artifact.root;
  return {
    source: intent.given.source,
    destination: intent.given.destination,
    digest: descriptor.digest,
    ref: `${repositoryOf(intent.destination)}@${descriptor.digest}`,
    mediaType: descriptor.mediaType,
    size: descriptor.size,
    artifactType: printable(artifactTypeOf(manifest), maxText),
    verification: reportOf(
      { ...admitted, ignored: discovered.ignored },
      at.now,
      stateBounds,
    ),
    attached: attachedOf(examined, at),
    ...(at.candidate && { candidate: at.candidate }),
    onDelete: intent.given.onDelete ?? "keep",
    version: stateVersion,
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

/** What was let in; after an import, what is there. */
export function admittedOf({ verification, digest }: Outputs): string {
  return verification?.digest ?? digest;
}

/** State as plain values. */
export function writeState(state: Outputs): Values {
  return outputs.parse(state) satisfies { [name: string]: Value };
}

/** Id of a resource: its destination, as canonically written, without digest. */
export function idOf(intent: Pick<Intent, "destination">): string {
  return formatReference({ ...intent.destination, digest: undefined });
}
